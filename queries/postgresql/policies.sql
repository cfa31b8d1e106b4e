-- policies — row security policies, with what they ask
select n.nspname as table_schema,
       c.relname as "table",
       p.polname as name,
       coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') as body
from pg_policy p
join pg_class c on c.oid = p.polrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_'
order by 1, 2, 3
