-- publications — which tables are published to subscribers, one by one or all together
select p.pubname as name, t.schemaname as table_schema, t.tablename as "table", p.puballtables as "all"
from pg_publication p
join pg_publication_tables t on t.pubname = p.pubname
where t.schemaname !~ '^pg_'
order by 1, 2, 3
