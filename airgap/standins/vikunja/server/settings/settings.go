// Package settings holds what this stand-in is told through VIKUNJA_* variables, and refuses what it cannot serve.
package settings

import (
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"xnai.local/vikunja-standin/logging"
)

// Settings are those that this stand-in acts on. Every other VIKUNJA_* variable is ignored without a word, as the real
// server ignores keys that it does not know.
type Settings struct {
	// Secret is the HMAC key that signs tokens.
	Secret []byte
	// PublicURL ends with a slash; empty when it is not set.
	PublicURL string
	// Listen is host:port, the host may be empty.
	Listen       string
	Registration bool
	LinkSharing  bool
	Webhooks     bool
	// IPExtraction and TrustedProxies say how a client's address is found: see web.ClientIPFrom.
	IPExtraction     string
	TrustedProxies   string
	DatabaseHost     string
	DatabaseUser     string
	DatabasePassword string
	DatabaseName     string
	DatabaseSslMode  string
	// FilesPath is an absolute path.
	FilesPath string
	// MaxFileSize is the limit as it was written, MaxFileMB the same in MiB.
	MaxFileSize string
	MaxFileMB   int64
	LogHTTP     bool
	// LoginTriesPerMinute is a limit for each client address.
	LoginTriesPerMinute int64
}

// Read takes the settings from the environment and sets up the log; it ends the process when they cannot be served.
func Read() Settings {
	root := os.Getenv("VIKUNJA_SERVICE_ROOTPATH")
	if root == "" {
		root, _ = os.Getwd()
	}
	text := func(key, fallback string) string { return lookUp(root, key, fallback) }
	flag := func(key string, fallback bool) bool {
		value, err := strconv.ParseBool(text(key, strconv.FormatBool(fallback)))
		return err == nil && value
	}

	logging.Configure(text("log.level", "INFO"))
	s := Settings{
		PublicURL:        text("service.publicurl", ""),
		Listen:           text("service.interface", ":3456"),
		Registration:     flag("service.enableregistration", true),
		LinkSharing:      flag("service.enablelinksharing", true),
		Webhooks:         flag("webhooks.enabled", true),
		IPExtraction:     text("service.ipextractionmethod", "direct"),
		TrustedProxies:   text("service.trustedproxies", ""),
		DatabaseHost:     text("database.host", "localhost"),
		DatabaseUser:     text("database.user", "vikunja"),
		DatabasePassword: text("database.password", ""),
		DatabaseName:     text("database.database", "vikunja"),
		DatabaseSslMode:  text("database.sslmode", "disable"),
		FilesPath:        text("files.basepath", "files"),
		MaxFileSize:      text("files.maxsize", "20MB"),
		LogHTTP:          text("log.http", "stdout") != "off",
	}
	corsEnabled := flag("cors.enable", true)
	s.Secret = readSecret(text)
	if !filepath.IsAbs(s.FilesPath) {
		s.FilesPath = filepath.Join(root, s.FilesPath)
	}
	s.LoginTriesPerMinute, _ = strconv.ParseInt(text("ratelimit.noauthlimit", "10"), 10, 64)
	s.check(corsEnabled, text("database.type", "sqlite"), flag("redis.enabled", false))
	return s
}

// check ends the process on settings that the real server refuses, and on those that only the real server can serve.
func (s *Settings) check(corsEnabled bool, databaseType string, redis bool) {
	if corsEnabled && s.PublicURL == "" {
		logging.Fatalf("service.publicurl is required when cors.enable is true")
	}
	if s.PublicURL != "" {
		if !strings.HasSuffix(s.PublicURL, "/") {
			s.PublicURL += "/"
		}
		if parsed, err := url.Parse(s.PublicURL); err != nil {
			logging.Fatalf("Could not parse publicurl: %s", err)
		} else if parsed.Scheme != "http" && parsed.Scheme != "https" {
			logging.Fatalf("service.publicurl must include http:// or https:// scheme, got: %s", s.PublicURL)
		}
	}
	megabytes, err := strconv.ParseInt(strings.TrimSuffix(strings.ToUpper(s.MaxFileSize), "MB"), 10, 64)
	if err != nil || megabytes <= 0 {
		logging.Fatalf("Could not parse files.maxsize: %s (the stand-in reads whole megabytes, such as 20MB)", s.MaxFileSize)
	}
	s.MaxFileMB = megabytes
	if databaseType != "postgres" {
		logging.Fatalf("database.type is %q: the stand-in speaks to postgres only", databaseType)
	}
	if redis {
		logging.Fatalf("redis.enabled is true: the stand-in has no Redis client")
	}
}
