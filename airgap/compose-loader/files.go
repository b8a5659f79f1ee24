package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/types"
)

// ownError is a sentence of this program: no value is in it.
type ownError struct{ text string }

func (e *ownError) Error() string { return e.text }

// remoteFiles stands in for what Compose would fetch: nothing is fetched. It also keeps special files out.
type remoteFiles struct {
	schemes []string
	broken  []string
	empty   string
}

var remoteScheme = regexp.MustCompile(`^(https?|ssh|git|oci|docker|ftp)://|^git@|^github\.com/`)

// Accept says whether this loader, and not compose-go's own, has the file.
func (r *remoteFiles) Accept(path string) bool {
	if remoteScheme.MatchString(path) {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && checkFile(path) != nil && info.Mode()&os.ModeSymlink == 0
}

// Load gives an empty file for a remote one, and an error for a special one.
func (r *remoteFiles) Load(_ context.Context, path string) (string, error) {
	if !remoteScheme.MatchString(path) {
		return "", &ownError{fmt.Sprintf("%s: %s", shown(path), checkFile(path))}
	}
	scheme := remoteScheme.FindString(path)
	if !slices.Contains(r.schemes, scheme) {
		r.schemes = append(r.schemes, scheme)
	}
	if r.empty == "" {
		folder, err := os.MkdirTemp("", "compose-loader-")
		if err != nil {
			return "", err
		}
		r.empty = filepath.Join(folder, "remote.yml")
		if err := os.WriteFile(r.empty, []byte("{}\n"), 0o600); err != nil {
			return "", err
		}
	}
	return r.empty, nil
}

// Dir is where relative paths of a remote file would start from.
func (r *remoteFiles) Dir(string) string { return "." }

// explain makes an error about the empty file one about the remote one.
func (r *remoteFiles) explain(err error) error {
	if r.empty != "" && strings.Contains(err.Error(), r.empty) {
		return &ownError{fmt.Sprintf("a service extends one of a remote file (%s), which is not fetched", strings.Join(r.schemes, ", "))}
	}
	return err
}

func (r *remoteFiles) notes() []string {
	if r.empty == "" {
		return nil
	}
	return []string{fmt.Sprintf("A remote file is included (%s): it is not fetched, and not looked at.", strings.Join(r.schemes, ", "))}
}

func (r *remoteFiles) remove() {
	if r.empty != "" {
		os.RemoveAll(filepath.Dir(r.empty))
	}
}

// resolveEnvFiles reads the env_file and label_file of every service as Compose does, and leaves those out that cannot
// be read, with a note: they are often not in the repository.
func resolveEnvFiles(project *types.Project) (map[string]map[string]EnvValue, []string) {
	found, notes := map[string]map[string]EnvValue{}, []string{}
	unreadable := func(service, key, path string, err error) {
		notes = append(notes, fmt.Sprintf("services.%s: %s %s cannot be read (%s): what it sets is unknown.", service, key, shown(path), err))
	}
	for name, service := range project.Services {
		values := map[string]EnvValue{}
		resolved := types.Mapping{}
		for i, file := range service.EnvFiles {
			content, err := readFile(file.Path)
			if err != nil {
				if bool(file.Required) || !os.IsNotExist(err) {
					unreadable(name, "env_file", file.Path, err)
				}
				continue
			}
			parsed, err := parseEnv(content, file.Format, resolved, func(key string) (string, bool) {
				if value, ok := project.Environment[key]; ok {
					return value, true
				}
				value, ok := resolved[key]
				return value, ok
			})
			if err != nil {
				unreadable(name, "env_file", file.Path, fmt.Errorf("not in the format of such files"))
				continue
			}
			for key, value := range parsed {
				resolved[key] = value
				values[key] = EnvValue{File: i, Value: value}
			}
		}
		for key := range service.Environment {
			delete(values, key)
		}
		found[name] = values
		for _, file := range service.LabelFiles {
			content, err := readFile(file)
			if err != nil {
				unreadable(name, "label_file", file, err)
				continue
			}
			parsed, err := dotenv.UnmarshalBytesWithLookup(content, nil)
			if err != nil {
				unreadable(name, "label_file", file, fmt.Errorf("not in the format of such files"))
				continue
			}
			for key, value := range parsed {
				if _, own := service.Labels[key]; !own {
					if service.Labels == nil {
						service.Labels = types.Labels{}
					}
					service.Labels[key] = value
				}
			}
		}
		service.LabelFiles = nil
		project.Services[name] = service
	}
	slices.Sort(notes)
	return found, notes
}

// parseEnv reads a file of variables; in a format other than the usual one they may refer to those of the files before.
func parseEnv(content []byte, format string, before types.Mapping, lookup dotenv.LookupFn) (map[string]string, error) {
	if format == "" {
		return dotenv.ParseWithLookup(bytes.NewReader(content), lookup)
	}
	all := map[string]string(before.Clone())
	err := dotenv.ParseWithFormat(bytes.NewReader(content), "env_file", all, lookup, format)
	return all, err
}
