// The tables of the stand-in.

package store

// schema makes the stand-in's tables, in a PostgreSQL schema of their own that nobody can take for Vikunja's.
const schema = `
CREATE SCHEMA IF NOT EXISTS xnai_vikunja_standin;
SET LOCAL search_path TO xnai_vikunja_standin;
CREATE TABLE IF NOT EXISTS users (
  id bigserial PRIMARY KEY, username varchar(250) NOT NULL UNIQUE, email varchar(250) NOT NULL UNIQUE,
  password text NOT NULL, created timestamptz NOT NULL DEFAULT now(), updated timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS sessions (
  id text PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, refresh_hash text NOT NULL UNIQUE,
  last_active timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS api_tokens (
  id bigserial PRIMARY KEY, title text NOT NULL, hash text NOT NULL UNIQUE, permissions jsonb NOT NULL,
  expires_at timestamptz NOT NULL, owner_id bigint NOT NULL REFERENCES users, created timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS projects (
  id bigserial PRIMARY KEY, title varchar(250) NOT NULL, description text NOT NULL DEFAULT '',
  identifier varchar(10) NOT NULL DEFAULT '', owner_id bigint NOT NULL REFERENCES users,
  created timestamptz NOT NULL DEFAULT now(), updated timestamptz NOT NULL DEFAULT now());
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'bot_owner_id') THEN
    ALTER TABLE users ADD COLUMN bot_owner_id bigint REFERENCES users, ALTER COLUMN email DROP NOT NULL;
  END IF;
END $$;
CREATE TABLE IF NOT EXISTS users_projects (
  project_id bigint NOT NULL REFERENCES projects ON DELETE CASCADE, user_id bigint NOT NULL REFERENCES users,
  permission smallint NOT NULL, PRIMARY KEY (project_id, user_id));
CREATE TABLE IF NOT EXISTS tasks (
  id bigserial PRIMARY KEY, title text NOT NULL, description text NOT NULL DEFAULT '', done boolean NOT NULL DEFAULT false,
  done_at timestamptz, due_date timestamptz, priority bigint NOT NULL DEFAULT 0,
  project_id bigint NOT NULL REFERENCES projects ON DELETE CASCADE, index bigint NOT NULL,
  created_by bigint NOT NULL REFERENCES users, created timestamptz NOT NULL DEFAULT now(),
  updated timestamptz NOT NULL DEFAULT now(), UNIQUE (project_id, index));
CREATE TABLE IF NOT EXISTS labels (
  id bigserial PRIMARY KEY, title varchar(250) NOT NULL, created_by bigint NOT NULL REFERENCES users);
CREATE TABLE IF NOT EXISTS task_labels (
  task_id bigint NOT NULL REFERENCES tasks ON DELETE CASCADE, label_id bigint NOT NULL REFERENCES labels ON DELETE CASCADE,
  PRIMARY KEY (task_id, label_id));
CREATE TABLE IF NOT EXISTS attachments (
  id bigserial PRIMARY KEY, task_id bigint NOT NULL REFERENCES tasks ON DELETE CASCADE, name text NOT NULL,
  mime text NOT NULL, size bigint NOT NULL, created_by bigint NOT NULL REFERENCES users,
  created timestamptz NOT NULL DEFAULT now());
`
