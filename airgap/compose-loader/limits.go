package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	// No compose file and no file of variables is larger, in bytes.
	largestFile = 8 << 20
	// What the whole program may take: seconds of processor, bytes of memory.
	mostSeconds = 10
	mostMemory  = 512 << 20
)

// limitResources has the kernel end this program when a file makes it work without end.
func limitResources() error {
	if err := syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: mostSeconds, Max: mostSeconds}); err != nil {
		return err
	}
	return syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: mostMemory, Max: mostMemory})
}

var errNotRegular = errors.New("not a regular file")

// checkFile says why a file is not read: it has to be there, a regular one, and not too large.
func checkFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		var failed *os.PathError
		if errors.As(err, &failed) {
			return failed.Err
		}
		return err
	case info.IsDir():
		return errors.New("a folder")
	case !info.Mode().IsRegular():
		return errNotRegular
	case info.Size() > largestFile:
		return fmt.Errorf("larger than %d MiB", largestFile>>20)
	}
	return nil
}

// readFile reads a file that checkFile has nothing against, and no more of it than that, should it grow.
func readFile(path string) ([]byte, error) {
	if err := checkFile(path); err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, largestFile))
}

// shown is a path as a message names it: relative for what is below the current folder.
func shown(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	relative, err := filepath.Rel(here, path)
	if err != nil || strings.HasPrefix(relative, "..") {
		return path
	}
	return relative
}
