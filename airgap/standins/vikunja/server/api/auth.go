// Who makes a request: login, tokens that live ten minutes, and the cookie that renews them.

package api

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/crypto/bcrypt"

	"xnai.local/vikunja-standin/web"
)

const (
	tokenLifetime   = 600 * time.Second
	sessionLifetime = 72 * time.Hour
	refreshCookie   = "vikunja_refresh_token"
	refreshPath     = "/api/v1/user/token/refresh"
)

var (
	errUnauthorized  = web.NewError(http.StatusUnauthorized, 11, "missing, malformed, expired or otherwise invalid token provided")
	errWrongPassword = web.NewError(http.StatusForbidden, 1011, "Wrong username or password.")
)

func randomHex(bytes int) string {
	random := make([]byte, bytes)
	_, _ = rand.Read(random)
	return hex.EncodeToString(random)
}

func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// authenticate accepts a JWT of this server or an API token that was granted the permission.
func (s *Server) authenticate(r *http.Request, p permission) (user, error) {
	bearer, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		return user{}, errUnauthorized
	}
	tx := s.db.Begin()
	defer tx.Rollback()
	if strings.HasPrefix(bearer, "tk_") {
		return userOfAPIToken(tx, bearer, p)
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(bearer, claims, func(*jwt.Token) (any, error) { return s.settings.Secret, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())
	id, isNumber := claims["id"].(float64)
	if err != nil || !isNumber {
		return user{}, errUnauthorized
	}
	u, err := findUser(tx, int64(id), "")
	if errors.Is(err, sql.ErrNoRows) {
		return user{}, errUnauthorized
	}
	return u, err
}

func (s *Server) login(c *call) (int, any, error) {
	var try struct{ Username, Password string }
	if err := web.DecodeJSON(c.Request, &try, "Please provide a username and password."); err != nil {
		return 0, nil, err
	}
	if try.Username == "" || try.Password == "" {
		return 0, nil, web.NewError(http.StatusBadRequest, 1004, "Please specify a username and a password.")
	}
	u, err := findUser(c.tx, 0, try.Username)
	if errors.Is(err, sql.ErrNoRows) {
		// As slow as a wrong password, so that names cannot be guessed by the clock.
		_, _ = bcrypt.GenerateFromPassword([]byte(randomHex(8)), bcryptRounds)
		return 0, nil, errWrongPassword
	}
	if err != nil {
		return 0, nil, err
	}
	if u.BotOwnerID != 0 {
		return 0, nil, web.NewError(http.StatusPreconditionFailed, 1031, "This account is a bot and cannot log in interactively.")
	}
	if bcrypt.CompareHashAndPassword([]byte(u.password), []byte(try.Password)) != nil {
		return 0, nil, errWrongPassword
	}
	session, renewal := randomHex(16), randomHex(32)
	_, err = c.tx.Exec(`INSERT INTO sessions (id, user_id, refresh_hash) VALUES ($1, $2, $3)`, session, u.ID, sha256Hex(renewal))
	if err != nil {
		return 0, nil, err
	}
	return s.grant(c, u, session, renewal)
}

// grant answers with a token of ten minutes and a cookie that can renew it.
func (s *Server) grant(c *call, u user, session, renewal string) (int, any, error) {
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"type": 1, "id": u.ID, "username": u.Username, "is_admin": false, "sid": session, "jti": randomHex(16),
		"exp": time.Now().Add(tokenLifetime).Unix(),
	}).SignedString(s.settings.Secret)
	c.header.Add("Set-Cookie", s.cookie(renewal, int(sessionLifetime.Seconds())).String())
	return http.StatusOK, map[string]string{"token": token}, err
}

func (s *Server) cookie(value string, maxAge int) *http.Cookie {
	cookie := &http.Cookie{Name: refreshCookie, Value: value, Path: refreshPath, MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if strings.HasPrefix(s.settings.PublicURL, "https") {
		cookie.Secure, cookie.SameSite = true, http.SameSiteNoneMode
	}
	return cookie
}

// refresh trades the cookie for a new token and a new cookie; each cookie works once.
func (s *Server) refresh(c *call) (int, any, error) {
	given, err := c.Cookie(refreshCookie)
	if err != nil || given.Value == "" {
		return 0, nil, web.NewError(http.StatusUnauthorized, 0, "No refresh token provided.")
	}
	var session string
	var owner int64
	renewal := randomHex(32)
	err = c.tx.QueryRow(`UPDATE sessions SET refresh_hash = $1, last_active = now()
		WHERE refresh_hash = $2 AND last_active > now() - make_interval(secs => $3) RETURNING id, user_id`,
		sha256Hex(renewal), sha256Hex(given.Value), sessionLifetime.Seconds()).Scan(&session, &owner)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, web.NewError(http.StatusUnauthorized, 0, "Invalid or expired refresh token.")
	}
	if err != nil {
		return 0, nil, err
	}
	u, err := findUser(c.tx, owner, "")
	if err != nil {
		return 0, nil, err
	}
	return s.grant(c, u, session, renewal)
}

func (s *Server) logout(c *call) (int, any, error) {
	claims := jwt.MapClaims{}
	_, _, _ = jwt.NewParser().ParseUnverified(strings.TrimPrefix(c.Header.Get("Authorization"), "Bearer "), claims)
	session, _ := claims["sid"].(string)
	c.header.Add("Set-Cookie", s.cookie("", -1).String())
	_, err := c.tx.Exec(`DELETE FROM sessions WHERE id = $1 AND user_id = $2`, session, c.user.ID)
	return http.StatusOK, map[string]string{"message": "Successfully logged out."}, err
}
