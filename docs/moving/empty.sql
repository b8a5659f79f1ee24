-- An empty database for what follows, which then belongs to Vikunja's role.
SET ROLE vikunja;
DROP SCHEMA IF EXISTS vikunja CASCADE;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
