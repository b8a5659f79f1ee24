// How one setting is read from the environment or a file, with the real server's traps.

package settings

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"

	"xnai.local/vikunja-standin/logging"
)

// lookUp reads one key from VIKUNJA_A_B_FILE, else VIKUNJA_A_B, else the default. An empty variable is an empty value, but
// an empty ..._FILE variable counts as not set.
func lookUp(rootPath, key, fallback string) string {
	name := "VIKUNJA_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
	if path := os.ExpandEnv(os.Getenv(name + "_FILE")); path != "" {
		if !filepath.IsAbs(path) {
			path = filepath.Join(rootPath, path)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			logging.Fatalf("Failed to read the config file at %s for key %s.file: %v", path, key, err)
		}
		// DANGER, and kept on purpose: an empty file replaces the default with nothing.
		return strings.Trim(string(content), "\n")
	}
	if value, present := os.LookupEnv(name); present {
		return value
	}
	return fallback
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
		logging.Log.Warn("config: service.jwtsecret is deprecated and will be removed in a future release. Please use service.secret instead.")
		return []byte(old)
	}
	random := make([]byte, 32)
	_, _ = rand.Read(random)
	return []byte(strings.ToUpper(hex.EncodeToString(random)))
}
