package main

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// rateLimiter counts requests per client in fixed windows of a minute that start with the client's first request.
type rateLimiter struct {
	limit   int64
	mutex   sync.Mutex
	windows map[string]*rateWindow
}

type rateWindow struct {
	count int64
	ends  time.Time
}

func newRateLimiter(limit int64) *rateLimiter {
	return &rateLimiter{limit: limit, windows: map[string]*rateWindow{}}
}

func (l *rateLimiter) count(client string, now time.Time) (used int64, ends time.Time) {
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

// limited answers 429 to a client that used up its minute, right password or wrong.
func (s *server) limited(l *rateLimiter, next handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		used, ends := l.count(s.clientIP(r), time.Now())
		w.Header().Set("X-RateLimit-Limit", strconv.FormatInt(l.limit, 10))
		w.Header().Set("X-RateLimit-Remaining", strconv.FormatInt(max(0, l.limit-used), 10))
		w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(ends.Unix(), 10))
		if used > l.limit {
			return httpError{status: http.StatusTooManyRequests, Message: "Too Many Requests"}
		}
		return next(w, r)
	}
}
