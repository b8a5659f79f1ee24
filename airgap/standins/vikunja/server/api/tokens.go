// API tokens: long-lived, and good for the granted permissions only.

package api

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"xnai.local/vikunja-standin/web"
)

// createToken answers the token once; only its hash is kept.
func (s *Server) createToken(c *call) (int, any, error) {
	var wish struct {
		Title       string              `json:"title"`
		ExpiresAt   time.Time           `json:"expires_at"`
		Permissions map[string][]string `json:"permissions"`
		OwnerID     int64               `json:"owner_id"`
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
	owner, err := c.selfOrBot(wish.OwnerID)
	if err != nil {
		return 0, nil, err
	}
	var id int64
	var created time.Time
	token := "tk_" + randomHex(20)
	err = c.tx.QueryRow(`INSERT INTO api_tokens (title, hash, permissions, expires_at, owner_id) VALUES ($1, $2, $3, $4, $5)
		RETURNING id, created`, wish.Title, sha256Hex(token), string(granted), wish.ExpiresAt, owner).Scan(&id, &created)
	return http.StatusCreated, map[string]any{
		"id": id, "title": wish.Title, "token": token, "permissions": wish.Permissions, "expires_at": wish.ExpiresAt, "created": created, "owner_id": owner,
	}, err
}

// listTokens shows the tokens of the caller, or with ?owner_id= those of a bot of theirs; none with its value.
func (s *Server) listTokens(c *call) (int, any, error) {
	wanted, _ := strconv.ParseInt(c.URL.Query().Get("owner_id"), 10, 64)
	owner, err := c.selfOrBot(wanted)
	if err != nil {
		return 0, nil, err
	}
	page := web.PageOf(c.Request)
	var total int
	if err := c.tx.QueryRow(`SELECT count(*) FROM api_tokens WHERE owner_id = $1`, owner).Scan(&total); err != nil {
		return 0, nil, err
	}
	rows, err := c.tx.Query(`SELECT id, title, permissions, expires_at, owner_id, created FROM api_tokens WHERE owner_id = $1
		ORDER BY id LIMIT $2 OFFSET $3`, owner, page.Size, page.Offset())
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	type listed struct {
		ID          int64           `json:"id"`
		Title       string          `json:"title"`
		Permissions json.RawMessage `json:"permissions"`
		ExpiresAt   time.Time       `json:"expires_at"`
		OwnerID     int64           `json:"owner_id"`
		Created     time.Time       `json:"created"`
	}
	found := []listed{}
	for rows.Next() {
		var t listed
		var permissions []byte
		if err := rows.Scan(&t.ID, &t.Title, &permissions, &t.ExpiresAt, &t.OwnerID, &t.Created); err != nil {
			return 0, nil, err
		}
		t.Permissions = permissions
		found = append(found, t)
	}
	page.SetHeaders(c.header, total, len(found))
	return http.StatusOK, found, rows.Err()
}

// deleteToken refuses one of somebody else and one that is not there alike.
func (s *Server) deleteToken(c *call) (int, any, error) {
	id, _ := strconv.ParseInt(c.PathValue("token"), 10, 64)
	deleted, err := c.tx.Exec(`DELETE FROM api_tokens t USING users u WHERE t.id = $1 AND u.id = t.owner_id
		AND (u.id = $2 OR u.bot_owner_id = $2)`, id, c.user.ID)
	if err != nil {
		return 0, nil, err
	}
	if rows, _ := deleted.RowsAffected(); rows == 0 {
		return 0, nil, errForbidden
	}
	return http.StatusOK, map[string]string{"message": "Successfully deleted."}, nil
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
