-- schemas — schemas of the user's own: not the system's, and none that an extension brought
select n.nspname as schema
from pg_namespace n
where n.nspname !~ '^pg_'
  and n.nspname not in ('information_schema', 'public')
  and not exists (select from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
order by n.nspname
