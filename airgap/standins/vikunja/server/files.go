package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// fileStore keeps uploads as files named by their id, one directory, as the real server does.
type fileStore struct{ directory string }

// openFileStore proves that the directory can be written, with the real server's words when it cannot. Every command
// does this, healthcheck too.
func openFileStore(directory string) fileStore {
	store := fileStore{directory}
	if err := store.validate(); err != nil {
		fatalf("Could not init file handler: storage validation failed: %s", err)
	}
	return store
}

func (s fileStore) validate() error {
	info, err := os.Stat(s.directory)
	switch {
	case os.IsNotExist(err):
		if err := os.MkdirAll(s.directory, 0o755); err != nil {
			return fmt.Errorf("failed to create file storage directory at %s: %w%s", s.directory, err, s.owners())
		}
	case err != nil:
		return fmt.Errorf("failed to access file storage directory at %s: %w%s", s.directory, err, s.owners())
	case !info.IsDir():
		return fmt.Errorf("file storage path exists but is not a directory: %s", s.directory)
	}
	probe := filepath.Join(s.directory, fmt.Sprintf(".vikunja-check-%d", time.Now().UnixNano()))
	if err := os.WriteFile(probe, nil, 0o600); err != nil {
		return fmt.Errorf("failed to create test file: %w%s", err, s.owners())
	}
	if err := os.Remove(probe); err != nil {
		return fmt.Errorf("failed to remove test file: %w", err)
	}
	return nil
}

// owners names both sides of an ownership problem: [process uid=1000 gid=1000, dir owner uid=0 gid=0].
func (s fileStore) owners() string {
	text := fmt.Sprintf("process uid=%d gid=%d", os.Getuid(), os.Getgid())
	if info, err := os.Stat(s.directory); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			text += fmt.Sprintf(", dir owner uid=%d gid=%d", stat.Uid, stat.Gid)
		}
	}
	return "\n[" + text + "]"
}

func (s fileStore) path(id int64) string {
	return filepath.Join(s.directory, strconv.FormatInt(id, 10))
}

// write stores one file and does not return before the disk has it.
func (s fileStore) write(id int64, content io.Reader) error {
	file, err := os.OpenFile(s.path(id), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := io.Copy(file, content); err != nil {
		return err
	}
	return file.Sync()
}
