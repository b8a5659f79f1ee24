// Package web is HTTP without Vikunja's data: JSON and errors, limits, paging, client addresses, the log of requests.
package web

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"xnai.local/vikunja-standin/logging"
)

// Handler answers a request, or returns why it cannot: an Error as it is, any other as status 500.
type Handler func(http.ResponseWriter, *http.Request) error

// Middleware is the outermost layer: the stand-in's header, the body limit, errors as JSON, one log line per request.
type Middleware struct {
	// MaxBody is the limit of a request's body in bytes.
	MaxBody     int64
	LogRequests bool
	ClientIP    func(*http.Request) string
}

// Wrap puts the layer around a handler.
func (m Middleware) Wrap(next Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		w.Header().Set("X-Xnai-Standin", "vikunja")
		w.Header().Set("Server", "Vikunja")
		w.Header().Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(recorder, r.Body, m.MaxBody)

		err := next(recorder, r)
		var known Error
		var tooLarge *http.MaxBytesError
		switch {
		case err == nil:
		case errors.As(err, &tooLarge):
			_ = WriteJSON(recorder, http.StatusRequestEntityTooLarge, Error{Code: 4013, Message: "The uploaded file exceeds the maximum configured file size"})
		case errors.As(err, &known):
			_ = WriteJSON(recorder, known.status, known)
		default:
			logging.Log.Error(err.Error())
			_ = WriteJSON(recorder, http.StatusInternalServerError, Error{Message: "Internal Server Error"})
		}
		if m.LogRequests {
			logging.Log.Info("", slog.String("component", "http"), slog.String("remote_ip", m.ClientIP(r)), slog.String("method", r.Method),
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

// WriteJSON sends a complete answer.
func WriteJSON(w http.ResponseWriter, status int, body any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(body)
}

// DecodeJSON reads a JSON body, which may be empty; when that fails it is the client's fault, with the given complaint.
func DecodeJSON(r *http.Request, into any, complaint string) error {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return NewError(http.StatusBadRequest, 0, complaint)
	}
	return nil
}
