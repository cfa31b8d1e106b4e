-- columns — columns of tables by their oids: type with modifiers, default, how they are generated, comment
select a.attrelid as relation,
       a.attname as name,
       format_type(a.atttypid, a.atttypmod) as type,
       not a.attnotnull as nullable,
       pg_get_expr(d.adbin, d.adrelid) as expression,
       a.attidentity::text as identity,
       a.attgenerated::text as generated,
       col_description(a.attrelid, a.attnum) as comment
from pg_attribute a
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = any (%(relations)s)
  and a.attnum > 0
  and not a.attisdropped
order by a.attrelid, a.attnum
