// Package store keeps what must survive a restart: rows in Postgres, uploads as files.
package store

import (
	"database/sql"
	"net"
	"net/url"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"xnai.local/vikunja-standin/logging"
	"xnai.local/vikunja-standin/settings"
)

// Database is a pool of connections to Postgres.
type Database struct{ pool *sql.DB }

// OpenDatabase connects once, without a retry: the real server ends with exit code 1 when Postgres is not there yet.
func OpenDatabase(s settings.Settings) Database {
	host, port, err := net.SplitHostPort(s.DatabaseHost)
	if err != nil {
		host, port = s.DatabaseHost, "5432"
	}
	dsn := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(s.DatabaseUser, s.DatabasePassword),
		Host:     net.JoinHostPort(host, port),
		Path:     s.DatabaseName,
		RawQuery: url.Values{"sslmode": {s.DatabaseSslMode}, "search_path": {"xnai_vikunja_standin"}}.Encode(),
	}
	pool, err := sql.Open("pgx", dsn.String())
	if err != nil {
		logging.Fatalf("Could not connect to db: invalid settings for %s", s.DatabaseHost)
	}
	pool.SetMaxOpenConns(100)
	pool.SetMaxIdleConns(50)
	pool.SetConnMaxLifetime(10 * time.Second)
	db := Database{pool}
	if err := pool.Ping(); err != nil {
		logging.Fatalf("Could not connect to db: %v", err)
	}
	db.migrate()
	return db
}

// migrate makes the tables that are missing. It ends the process when the database is the real Vikunja's.
func (db Database) migrate() {
	tx := db.Begin()
	defer tx.Rollback()
	var foreign bool
	err := tx.QueryRow(`SELECT to_regclass('public.migration') IS NOT NULL`).Scan(&foreign)
	if err == nil && foreign {
		logging.Fatalf("This database holds data of the real Vikunja; the stand-in does not touch it.")
	}
	// A server, a healthcheck and a second server may all migrate at once.
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
		logging.Fatalf("Migration failed: %v", err)
	}
}

// Begin starts the transaction of a request. When Postgres is away it ends the whole process with exit code 1, which is
// what the real server does.
func (db Database) Begin() *sql.Tx {
	tx, err := db.pool.Begin()
	if err != nil {
		logging.Fatalf("Failed to begin database transaction: %s", err)
	}
	return tx
}

// Health is the check behind both GET /health and the healthcheck command.
func (db Database) Health() error {
	tx := db.Begin()
	defer tx.Rollback()
	var one int
	return tx.QueryRow(`SELECT 1`).Scan(&one)
}
