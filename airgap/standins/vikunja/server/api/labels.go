// Labels of a user, and which task has which.

package api

import (
	"net/http"

	"xnai.local/vikunja-standin/web"
)

type label struct {
	ID    int64  `json:"id"`
	Title string `json:"title"`
}

func (s *Server) createLabel(c *call) (int, any, error) {
	var wish label
	if err := web.DecodeJSON(c.Request, &wish, "Invalid model provided."); err != nil {
		return 0, nil, err
	}
	if wish.Title == "" {
		return 0, nil, web.Invalid("title: non zero value required")
	}
	err := c.tx.QueryRow(`INSERT INTO labels (title, created_by) VALUES ($1, $2) RETURNING id`, wish.Title, c.user.ID).Scan(&wish.ID)
	return http.StatusCreated, wish, err
}

func (s *Server) listLabels(c *call) (int, any, error) {
	page := web.PageOf(c.Request)
	var total int
	if err := c.tx.QueryRow(`SELECT count(*) FROM labels WHERE created_by = $1`, c.user.ID).Scan(&total); err != nil {
		return 0, nil, err
	}
	rows, err := c.tx.Query(`SELECT id, title FROM labels WHERE created_by = $1 ORDER BY id LIMIT $2 OFFSET $3`, c.user.ID, page.Size, page.Offset())
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	found := []label{}
	for rows.Next() {
		var l label
		if err := rows.Scan(&l.ID, &l.Title); err != nil {
			return 0, nil, err
		}
		found = append(found, l)
	}
	page.SetHeaders(c.header, total, len(found))
	return http.StatusOK, found, rows.Err()
}

func (s *Server) labelTask(c *call) (int, any, error) {
	to, err := c.findTask()
	if err != nil {
		return 0, nil, err
	}
	if err := c.require(to.ProjectID, mayWrite); err != nil {
		return 0, nil, err
	}
	var wish struct {
		LabelID int64 `json:"label_id"`
	}
	if err := web.DecodeJSON(c.Request, &wish, "Invalid model provided."); err != nil {
		return 0, nil, err
	}
	for _, l := range to.Labels {
		if l.ID == wish.LabelID {
			return 0, nil, web.NewError(http.StatusBadRequest, 8001, "This label already exists on the task.")
		}
	}
	added, err := c.tx.Exec(`INSERT INTO task_labels (task_id, label_id) SELECT $1, id FROM labels WHERE id = $2 AND created_by = $3`,
		to.ID, wish.LabelID, c.user.ID)
	if err != nil {
		return 0, nil, err
	}
	if rows, _ := added.RowsAffected(); rows == 0 {
		return 0, nil, web.NewError(http.StatusNotFound, 8002, "This label does not exist.")
	}
	return http.StatusCreated, wish, nil
}
