// Accounts: registration, the current user, a new password.

package api

import (
	"database/sql"
	"errors"
	"net/http"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"

	"xnai.local/vikunja-standin/web"
)

type user struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
	Email    string `json:"email,omitempty"`
	// BotOwnerID is the user whose bot this is; 0 for people.
	BotOwnerID int64     `json:"bot_owner_id,omitempty"`
	Created    time.Time `json:"created"`
	Updated    time.Time `json:"updated"`
	password   string
}

const bcryptRounds = 11

// findUser returns the user with the given id or, with id 0, the given name or e-mail address.
func findUser(tx *sql.Tx, id int64, name string) (u user, err error) {
	err = tx.QueryRow(`SELECT id, username, coalesce(email, ''), coalesce(bot_owner_id, 0), password, created, updated FROM users
		WHERE id = $1 OR ($1 = 0 AND (username = $2 OR email = $2))`, id, name).
		Scan(&u.ID, &u.Username, &u.Email, &u.BotOwnerID, &u.password, &u.Created, &u.Updated)
	return u, err
}

// register answers 404 when registration is off, before it looks at anything else.
func (s *Server) register(w http.ResponseWriter, r *http.Request) error {
	if !s.settings.Registration {
		return web.ErrNotFound
	}
	return s.public(s.createUser)(w, r)
}

func (s *Server) createUser(c *call) (int, any, error) {
	var wish struct{ Username, Email, Password string }
	if err := web.DecodeJSON(c.Request, &wish, "No or invalid user model provided."); err != nil {
		return 0, nil, err
	}
	switch {
	case len(wish.Username) < 3 || len(wish.Username) > 250 || strings.Contains(wish.Username, " "):
		return 0, nil, web.Invalid("username: length(3|250),username")
	case !validPassword(wish.Password):
		return 0, nil, web.Invalid("password: bcrypt_password")
	case !strings.Contains(wish.Email, "@"):
		return 0, nil, web.Invalid("email: email")
	}
	if strings.HasPrefix(wish.Username, botPrefix) {
		return 0, nil, web.NewError(http.StatusBadRequest, 1026, "This username is reserved and cannot be used.")
	}
	for _, taken := range []web.Error{
		web.NewError(http.StatusBadRequest, 1001, "A user with this username already exists."),
		web.NewError(http.StatusBadRequest, 1002, "A user with this email address already exists."),
	} {
		name := map[int]string{1001: wish.Username, 1002: wish.Email}[taken.Code]
		if _, err := findUser(c.tx, 0, name); err == nil {
			return 0, nil, taken
		} else if !errors.Is(err, sql.ErrNoRows) {
			return 0, nil, err
		}
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(wish.Password), bcryptRounds)
	if err != nil {
		return 0, nil, err
	}
	var id int64
	err = c.tx.QueryRow(`INSERT INTO users (username, email, password) VALUES ($1, $2, $3) RETURNING id`, wish.Username, wish.Email, hash).Scan(&id)
	if err != nil {
		return 0, nil, err
	}
	if _, err := c.tx.Exec(`INSERT INTO projects (title, owner_id) VALUES ('Inbox', $1)`, id); err != nil {
		return 0, nil, err
	}
	created, err := findUser(c.tx, id, "")
	return http.StatusOK, created, err
}

// validPassword holds bcrypt's own limit of 72 bytes besides the minimum.
func validPassword(password string) bool { return len(password) >= 8 && len(password) <= 72 }

func (s *Server) currentUser(c *call) (int, any, error) {
	return http.StatusOK, struct {
		user
		IsLocalUser  bool   `json:"is_local_user"`
		AuthProvider string `json:"auth_provider"`
	}{c.user, true, "local"}, nil
}

// changePassword ends every session of the user: refresh cookies stop working at once, tokens already given out within
// ten minutes. API tokens live on.
func (s *Server) changePassword(c *call) (int, any, error) {
	var wish struct {
		Old string `json:"old_password"`
		New string `json:"new_password"`
	}
	if err := web.DecodeJSON(c.Request, &wish, "No password provided."); err != nil {
		return 0, nil, err
	}
	if !validPassword(wish.New) {
		return 0, nil, web.Invalid("new_password: bcrypt_password")
	}
	if wish.Old == "" {
		return 0, nil, web.NewError(http.StatusPreconditionFailed, 1014, "Please specify old password.")
	}
	if bcrypt.CompareHashAndPassword([]byte(c.user.password), []byte(wish.Old)) != nil {
		return 0, nil, errWrongPassword
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(wish.New), bcryptRounds)
	if err != nil {
		return 0, nil, err
	}
	if _, err := c.tx.Exec(`UPDATE users SET password = $1, updated = now() WHERE id = $2`, hash, c.user.ID); err != nil {
		return 0, nil, err
	}
	_, err = c.tx.Exec(`DELETE FROM sessions WHERE user_id = $1`, c.user.ID)
	return http.StatusOK, map[string]string{"message": "The password was updated successfully."}, err
}
