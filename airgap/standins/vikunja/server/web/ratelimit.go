// How many requests a client address may make per minute.

package web

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// RateLimiter counts requests per client in fixed windows of a minute that start with the client's first request.
type RateLimiter struct {
	limit    int64
	clientIP func(*http.Request) string
	mutex    sync.Mutex
	windows  map[string]*rateWindow
}

type rateWindow struct {
	count int64
	ends  time.Time
}

// NewRateLimiter allows each client address this many requests per minute.
func NewRateLimiter(limit int64, clientIP func(*http.Request) string) *RateLimiter {
	return &RateLimiter{limit: limit, clientIP: clientIP, windows: map[string]*rateWindow{}}
}

func (l *RateLimiter) count(client string, now time.Time) (used int64, ends time.Time) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	window := l.windows[client]
	if window == nil || now.After(window.ends) {
		for key, old := range l.windows {
			if now.After(old.ends) {
				delete(l.windows, key)
			}
		}
		window = &rateWindow{ends: now.Add(time.Minute)}
		l.windows[client] = window
	}
	window.count++
	return window.count, window.ends
}

// Limit answers 429 to a client that has used up its requests for this minute, also when its password is right.
func (l *RateLimiter) Limit(next Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		used, ends := l.count(l.clientIP(r), time.Now())
		w.Header().Set("X-RateLimit-Limit", strconv.FormatInt(l.limit, 10))
		w.Header().Set("X-RateLimit-Remaining", strconv.FormatInt(max(0, l.limit-used), 10))
		w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(ends.Unix(), 10))
		if used > l.limit {
			return NewError(http.StatusTooManyRequests, 0, "Too Many Requests")
		}
		return next(w, r)
	}
}
