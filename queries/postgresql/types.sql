-- types — enums with their values in order, and domains
select n.nspname as schema,
       t.typname as name,
       t.typtype::text as kind,
       array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as values,
       case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end as base,
       not t.typnotnull as nullable,
       t.typdefault as "default",
       array(select pg_get_constraintdef(k.oid) from pg_constraint k where k.contypid = t.oid and k.contype = 'c' order by k.conname) as checks
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typtype in ('e', 'd')
  and n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
  and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
order by n.nspname, t.typname
