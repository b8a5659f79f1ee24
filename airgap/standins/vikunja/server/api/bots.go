// Bots: users that belong to another one, have no password, and get API tokens from their owner. Of the v2 API only these.

package api

import (
	"database/sql"
	"errors"
	"net/http"
	"strings"

	"xnai.local/vikunja-standin/web"
)

const botPrefix = "bot-"

type bot struct {
	user
	Status int `json:"status"`
}

func (s *Server) createBot(c *call) (int, any, error) {
	var wish struct{ Username string }
	if err := web.DecodeJSON(c.Request, &wish, "Invalid model provided."); err != nil {
		return 0, nil, err
	}
	if !strings.HasPrefix(wish.Username, botPrefix) {
		return 0, nil, web.NewError(http.StatusBadRequest, 1034, "Bot usernames must start with the 'bot-' prefix.")
	}
	if c.user.BotOwnerID != 0 {
		return 0, nil, errNotYourBot
	}
	if _, err := findUser(c.tx, 0, wish.Username); err == nil {
		return 0, nil, web.NewError(http.StatusBadRequest, 1001, "A user with this username already exists.")
	} else if !errors.Is(err, sql.ErrNoRows) {
		return 0, nil, err
	}
	var id int64
	err := c.tx.QueryRow(`INSERT INTO users (username, password, bot_owner_id) VALUES ($1, '', $2) RETURNING id`, wish.Username, c.user.ID).Scan(&id)
	if err != nil {
		return 0, nil, err
	}
	created, err := findUser(c.tx, id, "")
	return http.StatusCreated, bot{user: created}, err
}

// listBots shows the caller's own, in the envelope of the v2 API; ?q= searches their names.
func (s *Server) listBots(c *call) (int, any, error) {
	page := web.PageOf(c.Request)
	const matching = ` FROM users WHERE bot_owner_id = $1 AND username LIKE '%' || $2 || '%'`
	search := c.URL.Query().Get("q")
	var total int
	if err := c.tx.QueryRow(`SELECT count(*)`+matching, c.user.ID, search).Scan(&total); err != nil {
		return 0, nil, err
	}
	rows, err := c.tx.Query(`SELECT id, username, bot_owner_id, created, updated`+matching+` ORDER BY id LIMIT $3 OFFSET $4`,
		c.user.ID, search, page.Size, page.Offset())
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	found := []bot{}
	for rows.Next() {
		var b bot
		if err := rows.Scan(&b.ID, &b.Username, &b.BotOwnerID, &b.Created, &b.Updated); err != nil {
			return 0, nil, err
		}
		found = append(found, b)
	}
	return http.StatusOK, map[string]any{
		"items": found, "total": total, "page": page.Offset()/page.Size + 1, "per_page": page.Size,
		"total_pages": (total + page.Size - 1) / page.Size,
	}, rows.Err()
}

var errNotYourBot = web.NewError(http.StatusForbidden, 1033, "You do not own this bot user.")

// selfOrBot is the id of the caller for 0, and of one of their bots.
func (c *call) selfOrBot(id int64) (int64, error) {
	if id == 0 || id == c.user.ID {
		return c.user.ID, nil
	}
	of, err := findUser(c.tx, id, "")
	if errors.Is(err, sql.ErrNoRows) {
		return 0, web.NewError(http.StatusNotFound, 1005, "The user does not exist.")
	}
	if err == nil && of.BotOwnerID != c.user.ID {
		err = errNotYourBot
	}
	return id, err
}
