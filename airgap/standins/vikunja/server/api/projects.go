// Projects: create, read, list, delete.

package api

import (
	"database/sql"
	"errors"
	"net/http"
	"os"
	"strconv"
	"time"

	"xnai.local/vikunja-standin/web"
)

type project struct {
	ID          int64     `json:"id"`
	Title       string    `json:"title"`
	Description string    `json:"description"`
	Identifier  string    `json:"identifier"`
	Owner       user      `json:"owner"`
	IsArchived  bool      `json:"is_archived"`
	Created     time.Time `json:"created"`
	Updated     time.Time `json:"updated"`
}

const selectProject = `SELECT p.id, p.title, p.description, p.identifier, p.created, p.updated, o.id, o.username, o.created, o.updated
	FROM projects p JOIN users o ON o.id = p.owner_id `

type scanner interface{ Scan(...any) error }

func (p *project) scan(row scanner) error {
	return row.Scan(&p.ID, &p.Title, &p.Description, &p.Identifier, &p.Created, &p.Updated,
		&p.Owner.ID, &p.Owner.Username, &p.Owner.Created, &p.Owner.Updated)
}

// findProject accepts an id or an identifier; a project that nobody shares with the caller does not exist.
func (c *call) findProject() (p project, err error) {
	reference := c.PathValue("project")
	id, _ := strconv.ParseInt(reference, 10, 64)
	err = p.scan(c.tx.QueryRow(selectProject+`WHERE `+visible+`AND (p.id = $2 OR ($2 = 0 AND p.identifier = $3))`, c.user.ID, id, reference))
	if errors.Is(err, sql.ErrNoRows) {
		err = web.NewError(http.StatusNotFound, 3001, "This project does not exist.")
	}
	return p, err
}

// createProject checks the identifier before it inserts, without a lock: like the real server, it lets through several
// concurrent creations with the same one.
func (s *Server) createProject(c *call) (int, any, error) {
	var wish project
	if err := web.DecodeJSON(c.Request, &wish, "Invalid model provided."); err != nil {
		return 0, nil, err
	}
	if wish.Title == "" {
		return 0, nil, web.NewError(http.StatusBadRequest, 3005, "You must provide at least a project title.")
	}
	if len(wish.Identifier) > 10 {
		return 0, nil, web.Invalid("identifier: runelength(0|10)")
	}
	if wish.Identifier != "" {
		var taken bool
		if err := c.tx.QueryRow(`SELECT EXISTS (SELECT FROM projects WHERE identifier = $1)`, wish.Identifier).Scan(&taken); err != nil {
			return 0, nil, err
		}
		if taken {
			return 0, nil, web.NewError(http.StatusBadRequest, 3007, "A project with this identifier already exists.")
		}
	}
	var id int64
	err := c.tx.QueryRow(`INSERT INTO projects (title, description, identifier, owner_id) VALUES ($1, $2, $3, $4) RETURNING id`,
		wish.Title, wish.Description, wish.Identifier, c.user.ID).Scan(&id)
	if err != nil {
		return 0, nil, err
	}
	c.SetPathValue("project", strconv.FormatInt(id, 10))
	created, err := c.findProject()
	return http.StatusCreated, created, err
}

func (s *Server) readProject(c *call) (int, any, error) {
	found, err := c.findProject()
	return http.StatusOK, found, err
}

// deleteProject takes along whatever is in it, files too.
func (s *Server) deleteProject(c *call) (int, any, error) {
	found, err := c.findProject()
	if err != nil {
		return 0, nil, err
	}
	if err := c.require(found.ID, mayAdminister); err != nil {
		return 0, nil, err
	}
	rows, err := c.tx.Query(`SELECT a.id FROM attachments a JOIN tasks t ON t.id = a.task_id WHERE t.project_id = $1`, found.ID)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return 0, nil, err
		}
		if err := os.Remove(s.files.Path(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return 0, nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return 0, nil, err
	}
	_, err = c.tx.Exec(`DELETE FROM projects WHERE id = $1`, found.ID)
	return http.StatusOK, map[string]string{"message": "Successfully deleted."}, err
}

func (s *Server) listProjects(c *call) (int, any, error) {
	page := web.PageOf(c.Request)
	var total int
	const matching = `WHERE ` + visible + `AND (p.title ILIKE '%' || $2 || '%' OR p.identifier ILIKE $2)`
	search := c.URL.Query().Get("s")
	if err := c.tx.QueryRow(`SELECT count(*) FROM projects p `+matching, c.user.ID, search).Scan(&total); err != nil {
		return 0, nil, err
	}
	rows, err := c.tx.Query(selectProject+matching+` ORDER BY p.id LIMIT $3 OFFSET $4`, c.user.ID, search, page.Size, page.Offset())
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	found := []project{}
	for rows.Next() {
		var p project
		if err := p.scan(rows); err != nil {
			return 0, nil, err
		}
		found = append(found, p)
	}
	page.SetHeaders(c.header, total, len(found))
	return http.StatusOK, found, rows.Err()
}
