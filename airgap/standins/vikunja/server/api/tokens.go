// API tokens: long-lived, and good for the granted permissions only.

package api

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"xnai.local/vikunja-standin/web"
)

// createToken answers the token once; only its hash is kept.
func (s *Server) createToken(c *call) (int, any, error) {
	var wish struct {
		Title       string              `json:"title"`
		ExpiresAt   time.Time           `json:"expires_at"`
		Permissions map[string][]string `json:"permissions"`
	}
	if err := web.DecodeJSON(c.Request, &wish, "Invalid model provided."); err != nil {
		return 0, nil, err
	}
	if wish.Title == "" || wish.ExpiresAt.IsZero() || len(wish.Permissions) == 0 {
		return 0, nil, web.Invalid("title: required", "expires_at: required", "permissions: required")
	}
	for group, names := range wish.Permissions {
		for _, name := range names {
			if !slices.ContainsFunc(s.routes(), func(r route) bool { return r.permission == permission{group, name} }) {
				return 0, nil, web.NewError(http.StatusBadRequest, 14002,
					fmt.Sprintf("The permission %s of group %s is invalid.", name, group))
			}
		}
	}
	granted, err := json.Marshal(wish.Permissions)
	if err != nil {
		return 0, nil, err
	}
	var id int64
	var created time.Time
	token := "tk_" + randomHex(20)
	err = c.tx.QueryRow(`INSERT INTO api_tokens (title, hash, permissions, expires_at, owner_id) VALUES ($1, $2, $3, $4, $5)
		RETURNING id, created`, wish.Title, sha256Hex(token), string(granted), wish.ExpiresAt, c.user.ID).Scan(&id, &created)
	return http.StatusCreated, map[string]any{
		"id": id, "title": wish.Title, "token": token, "permissions": wish.Permissions, "expires_at": wish.ExpiresAt, "created": created,
	}, err
}

// userOfAPIToken refuses an unknown token, one that has expired, and one that was not granted the permission, all alike.
func userOfAPIToken(tx *sql.Tx, token string, wanted permission) (user, error) {
	var granted []byte
	var owner int64
	err := tx.QueryRow(`SELECT permissions, owner_id FROM api_tokens WHERE hash = $1 AND expires_at > now()`, sha256Hex(token)).
		Scan(&granted, &owner)
	if errors.Is(err, sql.ErrNoRows) {
		return user{}, errUnauthorized
	}
	if err != nil {
		return user{}, err
	}
	permissions := map[string][]string{}
	if err := json.Unmarshal(granted, &permissions); err != nil {
		return user{}, err
	}
	if wanted.group == "" || !slices.Contains(permissions[wanted.group], wanted.name) {
		return user{}, errUnauthorized
	}
	return findUser(tx, owner, "")
}
