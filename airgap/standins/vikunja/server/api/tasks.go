// Tasks of a project: create, read, update, list.

package api

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"xnai.local/vikunja-standin/web"
)

type task struct {
	ID          int64     `json:"id"`
	Title       string    `json:"title"`
	Description string    `json:"description"`
	Done        bool      `json:"done"`
	DoneAt      time.Time `json:"done_at"`
	DueDate     time.Time `json:"due_date"`
	Priority    int64     `json:"priority"`
	ProjectID   int64     `json:"project_id"`
	Identifier  string    `json:"identifier"`
	Index       int64     `json:"index"`
	// Null for none, as in the real server's answers.
	Labels  []label   `json:"labels"`
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

var errNoTask = web.NewError(http.StatusNotFound, 4002, "This task does not exist")

const selectTask = `SELECT t.id, t.title, t.description, t.done, t.done_at, t.due_date, t.priority, t.project_id, p.identifier,
	t.index, (SELECT json_agg(l ORDER BY l.id) FROM (SELECT id, title FROM labels JOIN task_labels ON id = label_id WHERE task_id = t.id) l),
	t.created, t.updated FROM tasks t JOIN projects p ON p.id = t.project_id WHERE ` + visible

func (t *task) scan(row scanner) error {
	var doneAt, dueDate sql.NullTime
	var prefix string
	var labels []byte
	err := row.Scan(&t.ID, &t.Title, &t.Description, &t.Done, &doneAt, &dueDate, &t.Priority, &t.ProjectID, &prefix, &t.Index, &labels, &t.Created, &t.Updated)
	t.DoneAt, t.DueDate = doneAt.Time, dueDate.Time
	t.Identifier = fmt.Sprintf("%s-%d", prefix, t.Index)
	if prefix == "" {
		t.Identifier = fmt.Sprintf("#%d", t.Index)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return errNoTask
	}
	if err != nil || labels == nil {
		return err
	}
	return json.Unmarshal(labels, &t.Labels)
}

func (c *call) findTask() (t task, err error) {
	id, _ := strconv.ParseInt(c.PathValue("task"), 10, 64)
	err = t.scan(c.tx.QueryRow(selectTask+`AND t.id = $2`, c.user.ID, id))
	return t, err
}

// createTask keeps the wished index when it is free; when it is taken or absent, the task silently gets the next number.
func (s *Server) createTask(c *call) (int, any, error) {
	in, err := c.findProject()
	if err != nil {
		return 0, nil, err
	}
	if err := c.require(in.ID, mayWrite); err != nil {
		return 0, nil, err
	}
	var wish task
	if err := web.DecodeJSON(c.Request, &wish, "Invalid model provided."); err != nil {
		return 0, nil, err
	}
	if wish.Title == "" {
		return 0, nil, web.NewError(http.StatusBadRequest, 4001, "You must provide at least a task title.")
	}
	// One task at a time for each project, so that two of them never want the same index.
	if _, err := c.tx.Exec(`SELECT FROM projects WHERE id = $1 FOR UPDATE`, in.ID); err != nil {
		return 0, nil, err
	}
	var id int64
	err = c.tx.QueryRow(`INSERT INTO tasks (title, description, done, done_at, due_date, priority, project_id, created_by, index)
		SELECT $1, $2, $3, CASE WHEN $3 THEN now() END, $4, $5, $6, $7, CASE
			WHEN $8 > 0 AND NOT EXISTS (SELECT FROM tasks WHERE project_id = $6 AND index = $8) THEN $8
			ELSE (SELECT coalesce(max(index), 0) + 1 FROM tasks WHERE project_id = $6) END
		RETURNING id`, wish.Title, wish.Description, wish.Done, nullTime(wish.DueDate), wish.Priority, in.ID, c.user.ID, wish.Index).Scan(&id)
	if err != nil {
		return 0, nil, err
	}
	c.SetPathValue("task", strconv.FormatInt(id, 10))
	created, err := c.findTask()
	return http.StatusCreated, created, err
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }

func (s *Server) readTask(c *call) (int, any, error) {
	found, err := c.findTask()
	return http.StatusOK, found, err
}

func (s *Server) taskByIndex(c *call) (int, any, error) {
	in, err := c.findProject()
	if err != nil {
		return 0, nil, err
	}
	index, _ := strconv.ParseInt(c.PathValue("index"), 10, 64)
	var found task
	err = found.scan(c.tx.QueryRow(selectTask+`AND t.project_id = $2 AND t.index = $3`, c.user.ID, in.ID, index))
	return http.StatusOK, found, err
}

// updateTask replaces the fields a client can set; what the body leaves out keeps its value, except done, which is
// false when absent.
func (s *Server) updateTask(c *call) (int, any, error) {
	wish, err := c.findTask()
	if err != nil {
		return 0, nil, err
	}
	if err := c.require(wish.ProjectID, mayWrite); err != nil {
		return 0, nil, err
	}
	id := wish.ID
	wish.Done = false
	if err := web.DecodeJSON(c.Request, &wish, "Invalid model provided."); err != nil {
		return 0, nil, err
	}
	_, err = c.tx.Exec(`UPDATE tasks SET title = $2, description = $3, done = $4, done_at = CASE WHEN $4 THEN coalesce(done_at, now()) END,
		due_date = $5, priority = $6, updated = now() WHERE id = $1`, id, wish.Title, wish.Description, wish.Done, nullTime(wish.DueDate), wish.Priority)
	if err != nil {
		return 0, nil, err
	}
	updated, err := c.findTask()
	return http.StatusOK, updated, err
}

func (s *Server) listTasks(c *call) (int, any, error) {
	in, err := c.findProject()
	if err != nil {
		return 0, nil, err
	}
	page := web.PageOf(c.Request)
	var total int
	if err := c.tx.QueryRow(`SELECT count(*) FROM tasks WHERE project_id = $1`, in.ID).Scan(&total); err != nil {
		return 0, nil, err
	}
	rows, err := c.tx.Query(selectTask+`AND t.project_id = $2 ORDER BY t.id LIMIT $3 OFFSET $4`, c.user.ID, in.ID, page.Size, page.Offset())
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	found := []task{}
	for rows.Next() {
		var t task
		if err := t.scan(rows); err != nil {
			return 0, nil, err
		}
		found = append(found, t)
	}
	page.SetHeaders(c.header, total, len(found))
	return http.StatusOK, found, rows.Err()
}
