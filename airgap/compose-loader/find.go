package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// projectOptions finds the files and variables, in the order in which Compose looks for them.
func projectOptions(request Request, all *Answer) (*cli.ProjectOptions, error) {
	var paths []string
	for _, path := range request.Files {
		found, err := composeFiles(path)
		if err != nil {
			return nil, err
		}
		paths = append(paths, found...)
	}
	for _, file := range request.EnvFiles {
		if err := checkFile(file); err != nil {
			return nil, fmt.Errorf("%s: %w", shown(file), err)
		}
	}
	options, err := cli.NewProjectOptions(paths, cli.WithOsEnv)
	if err != nil {
		return nil, err
	}
	folder, err := options.GetWorkingDir()
	if err != nil {
		return nil, err
	}
	dotenv := filepath.Join(folder, ".env")
	if err := checkFile(dotenv); err != nil && len(request.EnvFiles) == 0 {
		if !errors.Is(err, os.ErrNotExist) {
			all.Notes = append(all.Notes, fmt.Sprintf("%s cannot be read: %s.", shown(dotenv), err))
		}
		return options, nil
	}
	for _, with := range []cli.ProjectOptionsFn{cli.WithEnvFiles(request.EnvFiles...), cli.WithDotEnv} {
		if err := with(options); err != nil {
			return nil, fmt.Errorf("%s: %s", shown(dotenv), withoutValues(err.Error(), nil))
		}
	}
	return options, nil
}

// composeFiles are the file itself, or those that Compose finds in a folder.
func composeFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{path}, nil
	}
	options, err := cli.NewProjectOptions(nil, cli.WithWorkingDirectory(path), cli.WithDefaultConfigPath)
	if err != nil {
		return nil, err
	}
	for _, found := range options.ConfigPaths {
		if absolute, err := filepath.Abs(path); err != nil || filepath.Dir(found) != absolute {
			break // Compose goes on in the folders above: somebody else's file.
		}
		return options.ConfigPaths, nil
	}
	return nil, fmt.Errorf("%s: no compose file in this folder", shown(path))
}

func readAll(paths []string) ([]types.ConfigFile, error) {
	var files []types.ConfigFile
	for _, path := range paths {
		absolute, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		content, err := readFile(absolute)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", shown(absolute), err)
		}
		files = append(files, types.ConfigFile{Filename: absolute, Content: content})
	}
	return files, nil
}
