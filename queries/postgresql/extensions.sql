-- extensions — extensions that are installed; what they own is left out everywhere else
select e.extname as name from pg_extension e where e.extname <> 'plpgsql' order by e.extname
