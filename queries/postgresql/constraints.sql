-- constraints — primary keys, uniques, foreign keys and checks of tables by their oids
select k.conrelid as relation,
       k.conname as name,
       k.contype::text as kind,
       array(select a.attname::text
             from unnest(k.conkey) with ordinality u(number, place)
             join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number
             order by u.place) as columns,
       fn.nspname as foreign_schema,
       f.relname as foreign_table,
       array(select a.attname::text
             from unnest(k.confkey) with ordinality u(number, place)
             join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number
             order by u.place) as foreign_columns,
       k.confdeltype::text as on_delete,
       k.confupdtype::text as on_update,
       pg_get_expr(k.conbin, k.conrelid) as expression,
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as nulls_not_distinct
from pg_constraint k
left join pg_class f on f.oid = coalesce(pg_partition_root(k.confrelid), k.confrelid)
left join pg_namespace fn on fn.oid = f.relnamespace
left join pg_index i on i.indexrelid = k.conindid and k.contype in ('p', 'u')
where k.conrelid = any (%(relations)s)
  and k.contype in ('p', 'u', 'f', 'c')
order by k.conrelid, k.conname
