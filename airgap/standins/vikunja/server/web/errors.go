// Answers other than success.

package web

import "net/http"

// Error is an answer other than success; its JSON is what the real server sends.
type Error struct {
	status        int
	Code          int      `json:"code,omitempty"`
	Message       string   `json:"message"`
	InvalidFields []string `json:"invalid_fields,omitempty"`
}

func (e Error) Error() string { return e.Message }

// NewError takes an HTTP status and one of Vikunja's own error codes, or 0 where it has none.
func NewError(status, code int, message string) Error {
	return Error{status: status, Code: code, Message: message}
}

// Invalid is the answer to a body with these invalid fields.
func Invalid(fields ...string) Error {
	return Error{http.StatusPreconditionFailed, 2002, "Invalid Data", fields}
}

// ErrNotFound is the answer where there is no such path.
var ErrNotFound = NewError(http.StatusNotFound, 0, "Not Found")
