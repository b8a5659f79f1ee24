// What answers without a login: health, what this server is, and a page in place of the web UI.

package api

import (
	"fmt"
	"net/http"
	"strings"

	"xnai.local/vikunja-standin/web"
)

func (s *Server) healthPage(w http.ResponseWriter, _ *http.Request) error {
	if err := s.db.Health(); err != nil {
		return err
	}
	_, err := w.Write([]byte("OK"))
	return err
}

// info needs no database, so that it answers while Postgres is away.
func (s *Server) info(w http.ResponseWriter, _ *http.Request) error {
	return web.WriteJSON(w, http.StatusOK, map[string]any{
		"standin":                  true,
		"version":                  Version,
		"frontend_url":             s.settings.PublicURL,
		"motd":                     "This is a stand-in for Vikunja, not Vikunja.",
		"link_sharing_enabled":     s.settings.LinkSharing,
		"max_file_size":            s.settings.MaxFileSize,
		"max_items_per_page":       web.MaxItemsPerPage,
		"task_attachments_enabled": true,
		"webhooks_enabled":         s.settings.Webhooks,
		"concurrent_writes":        true,
		"auth": map[string]any{
			"local":          map[string]any{"enabled": true, "registration_enabled": s.settings.Registration},
			"ldap":           map[string]any{"enabled": false},
			"openid_connect": map[string]any{"enabled": false, "providers": nil},
		},
	})
}

// frontPage is where the real server has its web UI.
func (s *Server) frontPage(w http.ResponseWriter, r *http.Request) error {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		return web.ErrNotFound
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := fmt.Fprintf(w, "This is a stand-in for Vikunja %s: a part of the API under /api/v1, no web UI.\n", Version)
	return err
}
