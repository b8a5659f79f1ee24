-- Postgres looks into the schema of the user's own name first and then into `public`. A database that has both is half here and half
-- there for Vikunja: tables that it makes go to one, those that it looks for are in the other. So everything moves to `public`
-- before Vikunja starts. A table that is in both ends it: nobody but you can tell which one counts.
DO $$
DECLARE found record;
BEGIN
  FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'vikunja' LOOP
    EXECUTE format('ALTER TABLE vikunja.%I SET SCHEMA public', found.tablename);
  END LOOP;
  FOR found IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'vikunja' LOOP
    EXECUTE format('ALTER SEQUENCE vikunja.%I SET SCHEMA public', found.sequencename);
  END LOOP;
END $$;
-- Refused while anything else is in it.
DROP SCHEMA IF EXISTS vikunja;
