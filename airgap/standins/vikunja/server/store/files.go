// Uploads as files on disk.

package store

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"xnai.local/vikunja-standin/logging"
)

// Files keeps uploads in one directory, each named by its id, as the real server does.
type Files struct{ directory string }

// OpenFiles makes sure that the directory can be written, and ends the process with the real server's words when it
// cannot. Every command does this, healthcheck too.
func OpenFiles(directory string) Files {
	files := Files{directory}
	if err := files.validate(); err != nil {
		logging.Fatalf("Could not init file handler: storage validation failed: %s", err)
	}
	return files
}

func (f Files) validate() error {
	info, err := os.Stat(f.directory)
	switch {
	case os.IsNotExist(err):
		if err := os.MkdirAll(f.directory, 0o755); err != nil {
			return fmt.Errorf("failed to create file storage directory at %s: %w%s", f.directory, err, f.owners())
		}
	case err != nil:
		return fmt.Errorf("failed to access file storage directory at %s: %w%s", f.directory, err, f.owners())
	case !info.IsDir():
		return fmt.Errorf("file storage path exists but is not a directory: %s", f.directory)
	}
	probe := filepath.Join(f.directory, fmt.Sprintf(".vikunja-check-%d", time.Now().UnixNano()))
	if err := os.WriteFile(probe, nil, 0o600); err != nil {
		return fmt.Errorf("failed to create test file: %w%s", err, f.owners())
	}
	if err := os.Remove(probe); err != nil {
		return fmt.Errorf("failed to remove test file: %w", err)
	}
	return nil
}

// owners names both sides of an ownership problem: [process uid=1000 gid=1000, dir owner uid=0 gid=0].
func (f Files) owners() string {
	text := fmt.Sprintf("process uid=%d gid=%d", os.Getuid(), os.Getgid())
	if info, err := os.Stat(f.directory); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			text += fmt.Sprintf(", dir owner uid=%d gid=%d", stat.Uid, stat.Gid)
		}
	}
	return "\n[" + text + "]"
}

// Path is where the file with this id is, or would be.
func (f Files) Path(id int64) string {
	return filepath.Join(f.directory, strconv.FormatInt(id, 10))
}

// Write stores one file and returns once it is on disk.
func (f Files) Write(id int64, content io.Reader) error {
	file, err := os.OpenFile(f.Path(id), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := io.Copy(file, content); err != nil {
		return err
	}
	return file.Sync()
}
