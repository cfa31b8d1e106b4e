-- evidence — rows, size and counters of tables by their oids, partitions added up; and since when is counted
select c.oid,
       sum(case when pg_relation_size(p.oid) = 0 then 0 when p.reltuples > 0 then p.reltuples else nullif(s.n_live_tup, 0) end)::bigint as rows,
       bool_or(pg_relation_size(p.oid) > 0 and p.reltuples <= 0 and s.n_live_tup = 0) as unknown,
       sum(pg_total_relation_size(p.oid))::bigint as size,
       sum(s.seq_scan)::bigint as sequential,
       sum(coalesce(s.idx_scan, 0))::bigint as indexed,
       sum((select count(*) from pg_index i where i.indrelid = p.oid)
           + (select count(*) from pg_constraint k where k.contype in ('f', 'c') and p.oid in (k.conrelid, k.confrelid)))::bigint as made,
       sum(s.n_tup_ins)::bigint as inserted,
       sum(s.n_tup_upd + s.n_tup_del)::bigint as changed,
       to_char(greatest(max((to_jsonb(s) ->> 'last_seq_scan')::timestamptz), max((to_jsonb(s) ->> 'last_idx_scan')::timestamptz)), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_read,
       to_char(max(d.stats_reset), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
       extract(epoch from now() - max(d.stats_reset))::float8 / 3600 as hours
from pg_class c
left join lateral (select t.relid from pg_partition_tree(c.oid) t where c.relkind = 'p' and t.isleaf union all select c.oid where c.relkind <> 'p') l on true
join pg_class p on p.oid = l.relid
join pg_stat_all_tables s on s.relid = p.oid
cross join (select stats_reset from pg_stat_database where datname = current_database()) d
where c.oid = any (%(relations)s)
group by c.oid
order by c.oid
