package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

type handler func(http.ResponseWriter, *http.Request) error

// httpError is an answer other than success; its JSON is what the real server sends.
type httpError struct {
	status        int
	Code          int      `json:"code,omitempty"`
	Message       string   `json:"message"`
	InvalidFields []string `json:"invalid_fields,omitempty"`
}

func (e httpError) Error() string { return e.Message }

func invalid(fields ...string) httpError {
	return httpError{http.StatusPreconditionFailed, 2002, "Invalid Data", fields}
}

var errNotFound = httpError{status: http.StatusNotFound, Message: "Not Found"}

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
func (s *server) transaction(w http.ResponseWriter, r *http.Request, caller user, run endpoint) error {
	tx := s.db.begin()
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
	return writeJSON(w, status, body)
}

// public serves an endpoint to anybody, private to the bearer of a valid token.
func (s *server) public(run endpoint) handler {
	return func(w http.ResponseWriter, r *http.Request) error { return s.transaction(w, r, user{}, run) }
}

func (s *server) private(p permission, run endpoint) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		caller, err := s.authenticate(r, p)
		if err != nil {
			return err
		}
		return s.transaction(w, r, caller, run)
	}
}

// serve is the outermost layer: the stand-in's header, the body limit, errors as JSON, one log line per request.
func (s *server) serve(next handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		w.Header().Set("X-Xnai-Standin", "vikunja")
		w.Header().Set("Server", "Vikunja")
		w.Header().Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(recorder, r.Body, (s.config.maxFileMB+2)<<20)

		err := next(recorder, r)
		var known httpError
		var tooLarge *http.MaxBytesError
		switch {
		case err == nil:
		case errors.As(err, &tooLarge):
			_ = writeJSON(recorder, http.StatusRequestEntityTooLarge, httpError{Code: 4013, Message: "The uploaded file exceeds the maximum configured file size"})
		case errors.As(err, &known):
			_ = writeJSON(recorder, known.status, known)
		default:
			log.Error(err.Error())
			_ = writeJSON(recorder, http.StatusInternalServerError, httpError{Message: "Internal Server Error"})
		}
		if s.config.logHTTP {
			log.Info("", slog.String("component", "http"), slog.String("remote_ip", s.clientIP(r)), slog.String("method", r.Method),
				slog.String("uri", r.URL.RequestURI()), slog.Int("status", recorder.status), slog.Duration("latency", time.Since(started)))
		}
	}
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func writeJSON(w http.ResponseWriter, status int, body any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(body)
}

// decode reads a JSON body; what goes wrong is the client's fault.
func decode(r *http.Request, into any, complaint string) error {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return httpError{status: http.StatusBadRequest, Message: complaint}
	}
	return nil
}

// frontPage stands where the real server has its web UI.
func (s *server) frontPage(w http.ResponseWriter, r *http.Request) error {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		return errNotFound
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := fmt.Fprintf(w, "This is a stand-in for Vikunja %s: a part of the API under /api/v1, no web UI.\n", version)
	return err
}
