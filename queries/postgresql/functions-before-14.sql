-- functions-before-14 — functions and procedures of the user's own, with their bodies; before bodies could be SQL proper
select n.nspname as schema, p.proname as name, coalesce(p.prosrc, '') as body
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
where n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
  and l.lanname not in ('c', 'internal')
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
order by 1, 2
