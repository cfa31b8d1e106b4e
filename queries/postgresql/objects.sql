-- objects — what else depends on a table, its row type or a sequence of its own: children, defaults, functions, columns
with wanted as (
  select c.oid as relation, 'pg_class'::regclass::oid as class, c.oid as object from pg_class c where c.relkind in ('r', 'p', 'f')
  union all
  select c.oid, 'pg_type'::regclass, t.oid from pg_class c join pg_type t on t.oid = c.reltype or t.typelem = c.reltype where c.relkind in ('r', 'p', 'f') and c.reltype <> 0
  union all
  select d.refobjid, 'pg_class'::regclass, s.oid from pg_class s join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') where s.relkind = 'S'
)
select distinct tn.nspname as table_schema, t.relname as "table", pg_describe_object(d.classid, d.objid, d.objsubid) as description
from wanted w
join pg_depend d on d.refclassid = w.class and d.refobjid = w.object and d.deptype = 'n'
join pg_class p on p.oid = w.relation
join pg_class t on t.oid = coalesce(pg_partition_root(p.oid), p.oid)
join pg_namespace tn on tn.oid = t.relnamespace
left join pg_attrdef a on d.classid = 'pg_attrdef'::regclass and a.oid = d.objid
where (d.classid in ('pg_attrdef'::regclass, 'pg_class'::regclass) or (d.classid = 'pg_proc'::regclass and w.class = 'pg_type'::regclass))
  and coalesce(a.adrelid, d.objid) <> w.relation
  and coalesce(pg_partition_root(coalesce(a.adrelid, d.objid)), 0) <> t.oid
  and tn.nspname !~ '^pg_'
  and tn.nspname <> 'information_schema'
order by 1, 2, 3
