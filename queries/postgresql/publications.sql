-- publications — which tables are published to subscribers, one by one or all together
select distinct p.pubname as name, n.nspname as table_schema, c.relname as "table", p.puballtables as "all"
from pg_publication p
join pg_publication_tables t on t.pubname = p.pubname
join pg_namespace s on s.nspname = t.schemaname
join pg_class o on o.relnamespace = s.oid and o.relname = t.tablename
join pg_class c on c.oid = coalesce(pg_partition_root(o.oid), o.oid)
join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_'
order by 1, 2, 3
