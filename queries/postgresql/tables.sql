-- tables — tables, partitioned and foreign tables, views and materialised views; partitions are counted, not listed
select c.oid,
       n.nspname as schema,
       c.relname as name,
       c.relkind::text as kind,
       obj_description(c.oid, 'pg_class') as comment,
       case when c.relkind = 'p' then (select count(*) from pg_partition_tree(c.oid) where isleaf and relid <> c.oid) else 0 end as partitions,
       case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as definition
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'v', 'm')
  and not c.relispartition
  and n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by n.nspname, c.relname
