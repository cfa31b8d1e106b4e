-- triggers — triggers of tables, with the function that each calls
select tn.nspname as table_schema, t.relname as "table", g.tgname as name, pn.nspname || '.' || p.proname as function
from pg_trigger g
join pg_class t on t.oid = g.tgrelid
join pg_namespace tn on tn.oid = t.relnamespace
join pg_proc p on p.oid = g.tgfoid
join pg_namespace pn on pn.oid = p.pronamespace
where not g.tgisinternal
  and not t.relispartition
  and tn.nspname !~ '^pg_'
order by 1, 2, 3
