package main

import (
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// config holds the settings that this stand-in acts on. Every other VIKUNJA_* variable is ignored without a word, as
// the real server ignores keys that it does not know.
type config struct {
	secret              []byte
	publicURL           string
	listen              string
	rootPath            string
	registration        bool
	linkSharing         bool
	webhooks            bool
	corsEnabled         bool
	ipExtraction        string
	trustedProxies      string
	databaseHost        string
	databaseUser        string
	databasePassword    string
	databaseName        string
	databaseSslMode     string
	filesPath           string
	maxFileSize         string
	maxFileMB           int64
	logHTTP             bool
	loginTriesPerMinute int64
}

// setting reads one key from VIKUNJA_A_B_FILE, else VIKUNJA_A_B, else the default. An empty file counts as no value, and
// an empty variable as an empty value.
func setting(rootPath, key, fallback string) string {
	name := "VIKUNJA_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
	if path := os.ExpandEnv(os.Getenv(name + "_FILE")); path != "" {
		if !filepath.IsAbs(path) {
			path = filepath.Join(rootPath, path)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			fatalf("Failed to read the config file at %s for key %s.file: %v", path, key, err)
		}
		// DANGER, and kept on purpose: an empty file replaces the default with nothing.
		return strings.Trim(string(content), "\n")
	}
	if value, present := os.LookupEnv(name); present {
		return value
	}
	return fallback
}

func readConfig() config {
	root := os.Getenv("VIKUNJA_SERVICE_ROOTPATH")
	if root == "" {
		root, _ = os.Getwd()
	}
	text := func(key, fallback string) string { return setting(root, key, fallback) }
	flag := func(key string, fallback bool) bool {
		value, err := strconv.ParseBool(text(key, strconv.FormatBool(fallback)))
		return err == nil && value
	}

	configureLog(text("log.level", "INFO"))
	c := config{
		publicURL:        text("service.publicurl", ""),
		listen:           text("service.interface", ":3456"),
		rootPath:         root,
		registration:     flag("service.enableregistration", true),
		linkSharing:      flag("service.enablelinksharing", true),
		webhooks:         flag("webhooks.enabled", true),
		corsEnabled:      flag("cors.enable", true),
		ipExtraction:     text("service.ipextractionmethod", "direct"),
		trustedProxies:   text("service.trustedproxies", ""),
		databaseHost:     text("database.host", "localhost"),
		databaseUser:     text("database.user", "vikunja"),
		databasePassword: text("database.password", ""),
		databaseName:     text("database.database", "vikunja"),
		databaseSslMode:  text("database.sslmode", "disable"),
		filesPath:        text("files.basepath", "files"),
		maxFileSize:      text("files.maxsize", "20MB"),
		logHTTP:          text("log.http", "stdout") != "off",
	}
	c.secret = readSecret(text)
	if !filepath.IsAbs(c.filesPath) {
		c.filesPath = filepath.Join(root, c.filesPath)
	}
	c.loginTriesPerMinute, _ = strconv.ParseInt(text("ratelimit.noauthlimit", "10"), 10, 64)
	c.check(text("database.type", "sqlite"), flag("redis.enabled", false))
	return c
}

// check ends the process on settings that the real server refuses, and on those that only the real server can serve.
func (c *config) check(databaseType string, redis bool) {
	if c.corsEnabled && c.publicURL == "" {
		fatalf("service.publicurl is required when cors.enable is true")
	}
	if c.publicURL != "" {
		if !strings.HasSuffix(c.publicURL, "/") {
			c.publicURL += "/"
		}
		if parsed, err := url.Parse(c.publicURL); err != nil {
			fatalf("Could not parse publicurl: %s", err)
		} else if parsed.Scheme != "http" && parsed.Scheme != "https" {
			fatalf("service.publicurl must include http:// or https:// scheme, got: %s", c.publicURL)
		}
	}
	megabytes, err := strconv.ParseInt(strings.TrimSuffix(strings.ToUpper(c.maxFileSize), "MB"), 10, 64)
	if err != nil || megabytes <= 0 {
		fatalf("Could not parse files.maxsize: %s (the stand-in reads whole megabytes, such as 20MB)", c.maxFileSize)
	}
	c.maxFileMB = megabytes
	if databaseType != "postgres" {
		fatalf("database.type is %q: the stand-in speaks to postgres only", databaseType)
	}
	if redis {
		fatalf("redis.enabled is true: the stand-in has no Redis client")
	}
}

// readSecret returns the key that signs tokens. Unset means a random one for this run, without a log line. Set but
// EMPTY means an empty HMAC key, as in the real server: whoever starts it must check the length first.
func readSecret(text func(key, fallback string) string) []byte {
	const unset = "\x00"
	secret := text("service.secret", unset)
	if secret != unset {
		return []byte(secret)
	}
	if old := text("service.jwtsecret", unset); old != unset && old != "" {
		log.Warn("config: service.jwtsecret is deprecated and will be removed in a future release. Please use service.secret instead.")
		return []byte(old)
	}
	random := make([]byte, 32)
	_, _ = rand.Read(random)
	return []byte(strings.ToUpper(hex.EncodeToString(random)))
}
