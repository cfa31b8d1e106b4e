-- views — which views and rules read which tables
select distinct vn.nspname as schema, v.relname as name, v.relkind::text as kind, r.rulename as rule, tn.nspname as table_schema, t.relname as "table"
from pg_rewrite r
join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
join pg_class v on v.oid = r.ev_class
join pg_namespace vn on vn.oid = v.relnamespace
join pg_class t on t.oid = coalesce(pg_partition_root(d.refobjid), d.refobjid) and t.oid <> v.oid
join pg_namespace tn on tn.oid = t.relnamespace
where t.relkind in ('r', 'p', 'f', 'v', 'm')
  and vn.nspname !~ '^pg_'
  and vn.nspname <> 'information_schema'
  and tn.nspname !~ '^pg_'
order by 1, 2, 5, 6
