package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"time"
)

type server struct {
	config config
	db     database
	files  fileStore
	// tries counts logins, registrations and token renewals together, as 2.5.0 does.
	tries    *rateLimiter
	clientIP func(*http.Request) string
}

// runWeb serves until SIGINT (exit 0). SIGTERM is left to the Go runtime, which ends PID 1 with exit code 2 and no log
// line; so does the real server.
func runWeb() {
	log.Warn("THIS IS A STAND-IN for Vikunja, not Vikunja: a part of the v1 API, no web UI. Never use it for data you care about.")
	c := readConfig()
	s := &server{config: c, files: openFileStore(c.filesPath), db: openDatabase(c)}
	s.tries = newRateLimiter(c.loginTriesPerMinute)
	s.clientIP = clientIPFrom(c.ipExtraction, c.trustedProxies)
	log.Info("Vikunja version " + version)
	go s.everyMinute()

	httpServer := &http.Server{Addr: c.listen, Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		log.Info("HTTP server listening on " + c.listen)
		if err := httpServer.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			log.Error(fmt.Sprintf("Server error: %v", err))
		}
	}()

	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	<-interrupted
	log.Info("Shutting down...")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := httpServer.Shutdown(ctx); err != nil {
		fatalf("Server shutdown failed: %v", err)
	}
}

// everyMinute asks the database at each full minute, as the real server's reminder jobs do; with Postgres away this ends
// an otherwise idle process within a minute.
func (s *server) everyMinute() {
	for {
		time.Sleep(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)))
		if err := s.db.health(); err != nil {
			log.Error(fmt.Sprintf("[cron] %v", err))
		}
	}
}

// runHealthcheck opens its own files directory and database connection. It does NOT look at the web server: it says
// healthy with no server running, as the real one does.
func runHealthcheck() {
	c := readConfig()
	openFileStore(c.filesPath)
	if err := openDatabase(c).health(); err != nil {
		fmt.Printf("API server is not healthy: %v\n", err)
		os.Exit(1)
	}
	fmt.Println("API server is healthy")
}
