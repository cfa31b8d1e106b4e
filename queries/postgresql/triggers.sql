-- triggers — triggers of tables, with the function that each calls
select distinct tn.nspname as table_schema, t.relname as "table", g.tgname as name, pn.nspname || '.' || p.proname as function, encode(g.tgargs, 'escape') as arguments
from pg_trigger g
join pg_class t on t.oid = coalesce(pg_partition_root(g.tgrelid), g.tgrelid)
join pg_namespace tn on tn.oid = t.relnamespace
join pg_proc p on p.oid = g.tgfoid
join pg_namespace pn on pn.oid = p.pronamespace
where not g.tgisinternal
  and tn.nspname !~ '^pg_'
order by 1, 2, 3
