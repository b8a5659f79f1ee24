package main

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// log writes to stdout in the real server's format: time=... level=... msg="...".
var log = slog.New(slog.NewTextHandler(os.Stdout, nil))

func configureLog(level string) {
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
	log = slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: threshold}))
}

// fatalf ends the process with exit code 1, as every fatal error of the real server does.
func fatalf(format string, args ...any) {
	log.Error(fmt.Sprintf(format, args...))
	os.Exit(1)
}
