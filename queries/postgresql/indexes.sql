-- indexes — indexes that no constraint makes, part by part
select i.indrelid as relation,
       c.relname as name,
       m.amname as method,
       i.indisunique as "unique",
       i.indisvalid as valid,
       pg_get_expr(i.indpred, i.indrelid) as predicate,
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as nulls_not_distinct,
       array(select case when i.indkey[place - 1] = 0 then null else a.attname::text end
             from generate_series(1, i.indnkeyatts) place
             left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[place - 1]
             order by place) as columns,
       array(select pg_get_indexdef(i.indexrelid, place, false) from generate_series(1, i.indnkeyatts) place order by place) as texts,
       array(select i.indoption[place - 1]::int from generate_series(1, i.indnkeyatts) place order by place) as options,
       array(select case when o.opcdefault then null else o.opcname::text end
             from generate_series(1, i.indnkeyatts) place
             join pg_opclass o on o.oid = i.indclass[place - 1]
             order by place) as operators
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_am m on m.oid = c.relam
where i.indrelid = any (%(relations)s)
  and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
order by i.indrelid, c.relname
