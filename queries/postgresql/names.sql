-- names — every table and view by name, also those that are listed nowhere else: partitions, and what an extension owns
select n.nspname as schema, c.relname as name, c.relispartition as partition
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'v', 'm')
  and n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
order by 1, 2
