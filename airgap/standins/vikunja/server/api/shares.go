// Who besides its owner may do what in a project.

package api

import (
	"database/sql"
	"errors"
	"net/http"

	"xnai.local/vikunja-standin/web"
)

// What a user may do in a project that is shared with them.
const (
	mayRead = iota
	mayWrite
	mayAdminister
)

var errForbidden = web.NewError(http.StatusForbidden, 0, "Forbidden")

// visible is the condition under which the user $1 sees the project p.
const visible = `(p.owner_id = $1 OR EXISTS (SELECT FROM users_projects s WHERE s.project_id = p.id AND s.user_id = $1)) `

// require refuses who may do less than that in a project which they see.
func (c *call) require(projectID int64, least int) error {
	var has bool
	err := c.tx.QueryRow(`SELECT EXISTS (SELECT FROM projects WHERE id = $1 AND owner_id = $2)
		OR EXISTS (SELECT FROM users_projects WHERE project_id = $1 AND user_id = $2 AND permission >= $3)`, projectID, c.user.ID, least).Scan(&has)
	if err == nil && !has {
		err = errForbidden
	}
	return err
}

// shared is the project of a request about its users, and of one about a single user who.
func (c *call) shared(name string, least int) (in project, who user, err error) {
	if in, err = c.findProject(); err != nil {
		return in, who, err
	}
	if err = c.require(in.ID, least); err != nil || name == "" {
		return in, who, err
	}
	who, err = findUser(c.tx, 0, name)
	if errors.Is(err, sql.ErrNoRows) {
		err = web.NewError(http.StatusNotFound, 1005, "The user does not exist.")
	}
	return in, who, err
}

type share struct {
	Username   string `json:"username"`
	Permission int    `json:"permission"`
}

func (s *Server) shareProject(c *call) (int, any, error) {
	var wish share
	if err := web.DecodeJSON(c.Request, &wish, "Invalid model provided."); err != nil {
		return 0, nil, err
	}
	if wish.Permission < mayRead || wish.Permission > mayAdminister {
		return 0, nil, web.Invalid("permission: length(0|2)")
	}
	in, who, err := c.shared(wish.Username, mayAdminister)
	if err != nil {
		return 0, nil, err
	}
	added, err := c.tx.Exec(`INSERT INTO users_projects (project_id, user_id, permission) SELECT id, $2, $3 FROM projects
		WHERE id = $1 AND owner_id <> $2 ON CONFLICT DO NOTHING`, in.ID, who.ID, wish.Permission)
	if err != nil {
		return 0, nil, err
	}
	if rows, _ := added.RowsAffected(); rows == 0 {
		return 0, nil, web.NewError(http.StatusConflict, 7002, "This user already has access to this project.")
	}
	return http.StatusCreated, wish, nil
}

func (s *Server) unshareProject(c *call) (int, any, error) {
	in, who, err := c.shared(c.PathValue("user"), mayAdminister)
	if err != nil {
		return 0, nil, err
	}
	removed, err := c.tx.Exec(`DELETE FROM users_projects WHERE project_id = $1 AND user_id = $2`, in.ID, who.ID)
	if err != nil {
		return 0, nil, err
	}
	if rows, _ := removed.RowsAffected(); rows == 0 {
		return 0, nil, web.NewError(http.StatusForbidden, 7003, "This user does not have access to the project.")
	}
	return http.StatusOK, map[string]string{"message": "Successfully deleted."}, nil
}

func (s *Server) listShares(c *call) (int, any, error) {
	in, _, err := c.shared("", mayRead)
	if err != nil {
		return 0, nil, err
	}
	rows, err := c.tx.Query(`SELECT u.username, s.permission FROM users_projects s JOIN users u ON u.id = s.user_id
		WHERE s.project_id = $1 ORDER BY u.id`, in.ID)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	found := []share{}
	for rows.Next() {
		var each share
		if err := rows.Scan(&each.Username, &each.Permission); err != nil {
			return 0, nil, err
		}
		found = append(found, each)
	}
	return http.StatusOK, found, rows.Err()
}
