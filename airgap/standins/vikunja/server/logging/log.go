// Package logging writes the log as the real server does, and ends the process on fatal errors.
package logging

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// Log writes to stdout in the real server's format: time=... level=... msg="...".
var Log = slog.New(slog.NewTextHandler(os.Stdout, nil))

// Configure sets the lowest level that is logged; INFO for a level it does not know.
func Configure(level string) {
	var threshold slog.Level
	switch strings.ToUpper(level) {
	case "CRITICAL", "ERROR":
		threshold = slog.LevelError
	case "WARNING":
		threshold = slog.LevelWarn
	case "DEBUG":
		threshold = slog.LevelDebug
	default:
		threshold = slog.LevelInfo
	}
	Log = slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: threshold}))
}

// Fatalf ends the process with exit code 1, as every fatal error of the real server does.
func Fatalf(format string, args ...any) {
	Log.Error(fmt.Sprintf(format, args...))
	os.Exit(1)
}
