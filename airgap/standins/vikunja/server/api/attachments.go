// Attachments of tasks: upload, list, download.

package api

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strconv"
	"time"

	"xnai.local/vikunja-standin/web"
)

type attachment struct {
	ID      int64     `json:"id"`
	TaskID  int64     `json:"task_id"`
	File    fileInfo  `json:"file"`
	Created time.Time `json:"created"`
}

type fileInfo struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Mime string `json:"mime"`
	Size int64  `json:"size"`
}

// uploadAttachments keeps up to 32 MiB of the form in memory, as the real server does, so that the default limit of
// 20 MB needs no writable /tmp (and the container some 100 MiB more memory).
func (s *Server) uploadAttachments(c *call) (int, any, error) {
	to, err := c.findTask()
	if err != nil {
		return 0, nil, err
	}
	if err := c.require(to.ProjectID, mayWrite); err != nil {
		return 0, nil, err
	}
	if err := c.ParseMultipartForm(32 << 20); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return 0, nil, err
		}
		return 0, nil, web.NewError(http.StatusBadRequest, 0, "No multipart form provided")
	}
	defer c.MultipartForm.RemoveAll()
	// Empty lists are null in the answer, as in the real server's.
	var stored []attachment
	var refused []web.Error
	for _, header := range c.MultipartForm.File["files"] {
		if header.Size > s.settings.MaxFileMB<<20 {
			refused = append(refused, web.Error{Code: 4012, Message: fmt.Sprintf("The task attachment exceeds the configured file size of 0 bytes, filesize was %d", header.Size)})
			continue
		}
		one, err := s.saveAttachment(c, to.ID, header)
		if err != nil {
			return 0, nil, err
		}
		stored = append(stored, one)
	}
	return http.StatusOK, map[string]any{"success": stored, "errors": refused}, nil
}

// saveAttachment adds the row and then writes the file, whose content decides its MIME type.
func (s *Server) saveAttachment(c *call, taskID int64, header *multipart.FileHeader) (attachment, error) {
	a := attachment{TaskID: taskID, File: fileInfo{Name: header.Filename, Size: header.Size}}
	file, err := header.Open()
	if err != nil {
		return a, err
	}
	defer file.Close()
	start := make([]byte, 512)
	n, _ := io.ReadFull(file, start)
	a.File.Mime = http.DetectContentType(start[:n])
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return a, err
	}
	err = c.tx.QueryRow(`INSERT INTO attachments (task_id, name, mime, size, created_by) VALUES ($1, $2, $3, $4, $5) RETURNING id, created`,
		taskID, a.File.Name, a.File.Mime, a.File.Size, c.user.ID).Scan(&a.ID, &a.Created)
	if err != nil {
		return a, err
	}
	a.File.ID = a.ID
	return a, s.files.Write(a.ID, file)
}

func (s *Server) listAttachments(c *call) (int, any, error) {
	of, err := c.findTask()
	if err != nil {
		return 0, nil, err
	}
	rows, err := c.tx.Query(`SELECT id, task_id, name, mime, size, created FROM attachments WHERE task_id = $1 ORDER BY id`, of.ID)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	found := []attachment{}
	for rows.Next() {
		var a attachment
		if err := rows.Scan(&a.ID, &a.TaskID, &a.File.Name, &a.File.Mime, &a.File.Size, &a.Created); err != nil {
			return 0, nil, err
		}
		a.File.ID = a.ID
		found = append(found, a)
	}
	return http.StatusOK, found, rows.Err()
}

func (s *Server) downloadAttachment(c *call) (int, any, error) {
	of, err := c.findTask()
	if err != nil {
		return 0, nil, err
	}
	id, _ := strconv.ParseInt(c.PathValue("attachment"), 10, 64)
	var info fileInfo
	err = c.tx.QueryRow(`SELECT id, name, mime FROM attachments WHERE id = $1 AND task_id = $2`, id, of.ID).Scan(&info.ID, &info.Name, &info.Mime)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, web.NewError(http.StatusNotFound, 4011, "This task attachment does not exist.")
	}
	if err != nil {
		return 0, nil, err
	}
	file, err := os.Open(s.files.Path(info.ID))
	if err != nil {
		return 0, nil, err
	}
	c.header.Set("Content-Type", info.Mime)
	c.header.Set("Content-Disposition", "attachment; filename="+strconv.Quote(info.Name))
	return http.StatusOK, func(w http.ResponseWriter) {
		defer file.Close()
		_, _ = io.Copy(w, file)
	}, nil
}
