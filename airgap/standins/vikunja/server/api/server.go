// Package api is the part of Vikunja's v1 API that the stack and its checks use, over the store.
package api

import (
	"database/sql"
	"net/http"

	"xnai.local/vikunja-standin/settings"
	"xnai.local/vikunja-standin/store"
	"xnai.local/vikunja-standin/web"
)

// Version is the release of Vikunja whose behaviour this program imitates.
const Version = "2.5.0"

// Server is what the endpoints need.
type Server struct {
	settings settings.Settings
	files    store.Files
	db       store.Database
}

// New makes the API over an open store.
func New(s settings.Settings, files store.Files, db store.Database) *Server {
	return &Server{settings: s, files: files, db: db}
}

// call is one request of somebody who is allowed to make it, with its own transaction.
type call struct {
	*http.Request
	tx     *sql.Tx
	user   user
	header http.Header
}

// endpoint works within the call's transaction; the answer is sent after the commit.
type endpoint func(*call) (status int, body any, err error)

// transaction runs an endpoint for the given user: commit on success, rollback on any error.
func (s *Server) transaction(w http.ResponseWriter, r *http.Request, caller user, run endpoint) error {
	tx := s.db.Begin()
	defer tx.Rollback()
	status, body, err := run(&call{Request: r, tx: tx, user: caller, header: w.Header()})
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	if stream, ok := body.(func(http.ResponseWriter)); ok {
		stream(w)
		return nil
	}
	return web.WriteJSON(w, status, body)
}

// public serves an endpoint to anybody.
func (s *Server) public(run endpoint) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return s.transaction(w, r, user{}, run) }
}

// private serves an endpoint to the bearer of a valid token.
func (s *Server) private(p permission, run endpoint) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		caller, err := s.authenticate(r, p)
		if err != nil {
			return err
		}
		return s.transaction(w, r, caller, run)
	}
}
