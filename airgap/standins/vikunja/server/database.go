package main

import (
	"database/sql"
	"net"
	"net/url"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// The stand-in's tables stand in a schema of their own, which nobody can take for Vikunja's.
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
CREATE TABLE IF NOT EXISTS tasks (
  id bigserial PRIMARY KEY, title text NOT NULL, description text NOT NULL DEFAULT '', done boolean NOT NULL DEFAULT false,
  done_at timestamptz, due_date timestamptz, priority bigint NOT NULL DEFAULT 0,
  project_id bigint NOT NULL REFERENCES projects ON DELETE CASCADE, index bigint NOT NULL,
  created_by bigint NOT NULL REFERENCES users, created timestamptz NOT NULL DEFAULT now(),
  updated timestamptz NOT NULL DEFAULT now(), UNIQUE (project_id, index));
CREATE TABLE IF NOT EXISTS attachments (
  id bigserial PRIMARY KEY, task_id bigint NOT NULL REFERENCES tasks ON DELETE CASCADE, name text NOT NULL,
  mime text NOT NULL, size bigint NOT NULL, created_by bigint NOT NULL REFERENCES users,
  created timestamptz NOT NULL DEFAULT now());
`

type database struct{ pool *sql.DB }

// openDatabase connects once, without a retry: the real server ends with exit code 1 when Postgres is not there yet.
func openDatabase(c config) database {
	host, port, err := net.SplitHostPort(c.databaseHost)
	if err != nil {
		host, port = c.databaseHost, "5432"
	}
	dsn := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(c.databaseUser, c.databasePassword),
		Host:     net.JoinHostPort(host, port),
		Path:     c.databaseName,
		RawQuery: url.Values{"sslmode": {c.databaseSslMode}, "search_path": {"xnai_vikunja_standin"}}.Encode(),
	}
	pool, err := sql.Open("pgx", dsn.String())
	if err != nil {
		fatalf("Could not connect to db: invalid settings for %s", c.databaseHost)
	}
	pool.SetMaxOpenConns(100)
	pool.SetMaxIdleConns(50)
	pool.SetConnMaxLifetime(10 * time.Second)
	db := database{pool}
	if err := pool.Ping(); err != nil {
		fatalf("Could not connect to db: %v", err)
	}
	db.migrate()
	return db
}

func (db database) migrate() {
	tx := db.begin()
	defer tx.Rollback()
	var foreign bool
	err := tx.QueryRow(`SELECT to_regclass('public.migration') IS NOT NULL`).Scan(&foreign)
	if err == nil && foreign {
		fatalf("This database holds data of the real Vikunja; the stand-in does not touch it.")
	}
	// A server, a healthcheck and a second instance may all come here at once.
	if err == nil {
		_, err = tx.Exec(`SELECT pg_advisory_xact_lock(7310)`)
	}
	if err == nil {
		_, err = tx.Exec(schema)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		fatalf("Migration failed: %v", err)
	}
}

// begin starts the transaction of a request. When Postgres is away it ends the whole process with exit code 1, which is
// what the real server does.
func (db database) begin() *sql.Tx {
	tx, err := db.pool.Begin()
	if err != nil {
		fatalf("Failed to begin database transaction: %s", err)
	}
	return tx
}

// health is the check behind both GET /health and the healthcheck command.
func (db database) health() error {
	tx := db.begin()
	defer tx.Rollback()
	var one int
	return tx.QueryRow(`SELECT 1`).Scan(&one)
}
