// The two commands that do something: web and healthcheck.

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"time"

	"xnai.local/vikunja-standin/api"
	"xnai.local/vikunja-standin/logging"
	"xnai.local/vikunja-standin/settings"
	"xnai.local/vikunja-standin/store"
)

// runWeb serves until SIGINT (exit 0). SIGTERM is left to the Go runtime, which ends PID 1 with exit code 2 and no log
// line; so does the real server.
func runWeb() {
	logging.Log.Warn("THIS IS A STAND-IN for Vikunja, not Vikunja: a part of the v1 API, no web UI. Never use it for data you care about.")
	s := settings.Read()
	files, db := store.OpenFiles(s.FilesPath), store.OpenDatabase(s)
	handler := api.New(s, files, db).Handler()
	logging.Log.Info("Vikunja version " + api.Version)
	go checkEveryMinute(db)

	httpServer := &http.Server{Addr: s.Listen, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		logging.Log.Info("HTTP server listening on " + s.Listen)
		if err := httpServer.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			logging.Log.Error(fmt.Sprintf("Server error: %v", err))
		}
	}()

	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	<-interrupted
	logging.Log.Info("Shutting down...")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := httpServer.Shutdown(ctx); err != nil {
		logging.Fatalf("Server shutdown failed: %v", err)
	}
}

// checkEveryMinute asks the database at each full minute, as the real server's reminder jobs do: when Postgres is away,
// even an idle process ends within a minute.
func checkEveryMinute(db store.Database) {
	for {
		time.Sleep(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)))
		if err := db.Health(); err != nil {
			logging.Log.Error(fmt.Sprintf("[cron] %v", err))
		}
	}
}

// runHealthcheck opens its own files directory and database connection. It does NOT look at the web server: it says
// healthy with no server running, as the real one does.
func runHealthcheck() {
	s := settings.Read()
	store.OpenFiles(s.FilesPath)
	if err := store.OpenDatabase(s).Health(); err != nil {
		fmt.Printf("API server is not healthy: %v\n", err)
		os.Exit(1)
	}
	fmt.Println("API server is healthy")
}
