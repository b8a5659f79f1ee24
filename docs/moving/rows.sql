-- How many rows each table of the database has, whatever schema it stands in: one line for each, sorted.
SELECT relname, (xpath('//n/text()', query_to_xml(format('SELECT count(*) AS n FROM %s', pg_class.oid::regclass), false, true, '')))[1]
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND nspname !~ '^(pg_|information_schema$)'
ORDER BY relname COLLATE "C", nspname COLLATE "C";
