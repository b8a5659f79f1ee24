package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/tree"
	"github.com/compose-spec/compose-go/v2/types"
)

// answer never fails: what cannot be read is a refusal.
func answer(request Request) Answer {
	all := Answer{Notes: []string{}, Unset: []string{}, Required: []string{}, Unknown: []string{}, Marker: marker}
	options, err := projectOptions(request, &all)
	if err != nil {
		all.Refused = oneLine(err.Error())
		return all
	}
	files, err := readAll(options.ConfigPaths)
	if err != nil {
		all.Refused = oneLine(err.Error())
		return all
	}
	places := newPositions()
	for _, file := range files {
		places.add(file.Filename, file.Content)
	}
	vars := &variables{unset: map[string]bool{}, required: map[string]bool{}}
	remote := &remoteFiles{}
	defer remote.remove()
	project, err := load(options, files, request.Profiles, vars, remote, &all)
	if err != nil && len(vars.unset)+len(vars.required) > 0 {
		// Compose itself takes a variable that nobody sets for empty. It may read then what it could not read otherwise.
		empty := &variables{unset: map[string]bool{}, required: map[string]bool{}, empty: true}
		if project2, err2 := load(options, files, request.Profiles, empty, remote, &all); err2 == nil {
			all.Notes = append(all.Notes, "Variables that nobody sets count as empty here: with any other value Compose could not read the file.")
			project, err = project2, nil
		}
	}
	all.Unset = slices.AppendSeq(all.Unset, maps.Keys(vars.unset))
	all.Required = slices.AppendSeq(all.Required, maps.Keys(vars.required))
	slices.Sort(all.Unset)
	slices.Sort(all.Required)
	all.Notes = append(all.Notes, remote.notes()...)
	if err != nil {
		all.Refused = refusal(err, files)
		if missing := slices.Concat(all.Unset, all.Required); len(missing) > 0 {
			all.Refused += fmt.Sprintf(" (not set: %s)", oneLine(strings.Join(missing, ", ")))
		}
		return all
	}
	if reason := withoutProfiles(options, files, request.Profiles, project, remote); reason != "" {
		all.Notes = append(all.Notes, "Without a profile Compose refuses these files: "+reason+".")
	}
	all.Files, all.Positions, all.Folder = places.files, places.lines, project.WorkingDir
	if all.Project, err = json.Marshal(project); err != nil {
		all.Refused = refusal(err, files)
	}
	return all
}

// refusal is Compose's sentence. A file that it names is one that the user named.
func refusal(err error, files []types.ConfigFile) string {
	var failed *os.PathError
	var ours *ownError
	switch {
	case errors.As(err, &failed):
		return oneLine(fmt.Sprintf("%s: %s", shown(failed.Path), failed.Err))
	case errors.As(err, &ours):
		return oneLine(ours.text)
	}
	return withoutValues(err.Error(), files)
}

// withoutProfiles says why Compose refuses the files when no profile is on: a service may need another that is off then.
func withoutProfiles(options *cli.ProjectOptions, files []types.ConfigFile, profiles []string, project *types.Project, remote *remoteFiles) string {
	inProfile := func(service types.ServiceConfig) bool { return len(service.Profiles) > 0 }
	if len(profiles) > 0 || !slices.ContainsFunc(slices.Collect(maps.Values(project.Services)), inProfile) {
		return ""
	}
	vars := &variables{unset: map[string]bool{}, required: map[string]bool{}}
	if _, err := load(options, files, []string{""}, vars, remote, &Answer{}); err != nil {
		return refusal(err, files)
	}
	return ""
}

// load reads the files as Compose does, except that unset variables leave a mark.
func load(from *cli.ProjectOptions, files []types.ConfigFile, profiles []string, vars *variables, remote *remoteFiles, all *Answer) (project *types.Project, err error) {
	defer func() {
		// compose-go is not proof against every type in every place.
		if problem := recover(); problem != nil {
			project, err = nil, &ownError{"a value in it has a type that Compose does not expect there"}
		}
	}()
	folder, err := from.GetWorkingDir()
	if err != nil {
		return nil, err
	}
	if len(profiles) == 0 {
		profiles = []string{"*"}
	}
	details := types.ConfigDetails{WorkingDir: folder, ConfigFiles: slices.Clone(files), Environment: from.Environment.Clone()}
	with := func(options *loader.Options) {
		options.Profiles = profiles
		options.ResourceLoaders = []loader.ResourceLoader{remote}
		options.SkipResolveEnvironment = true
		options.SkipResolveLabels = true
		options.Interpolate.Substitute = vars.substitute
		options.Interpolate.TypeCastMapping = vars.casts(options.Interpolate.TypeCastMapping)
		options.SetProjectName(projectName(folder, from.Environment), false)
	}
	model, err := loader.LoadModelWithContext(context.Background(), details, with)
	if err != nil {
		return nil, remote.explain(err)
	}
	options := loader.ToOptions(&details, []func(*loader.Options){with})
	if name, ok := model["name"].(string); ok {
		options.SetProjectName(name, false)
	}
	unknown := markUnknown(model)
	if project, err = loader.ModelToProject(model, options, details); err != nil {
		return nil, err
	}
	all.Unknown = append(unknown, unknownPorts(project)...)
	all.PortsLast = portsLast(project)
	var notes []string
	all.EnvFiles, notes = resolveEnvFiles(project)
	all.Notes = append(all.Notes, notes...)
	return project, nil
}

// projectName is the one that Compose makes of the folder.
func projectName(folder string, environment types.Mapping) string {
	for _, name := range []string{environment["COMPOSE_PROJECT_NAME"], filepath.Base(folder)} {
		if normalised := loader.NormalizeProjectName(name); normalised != "" {
			return normalised
		}
	}
	return "project"
}

func servicePath(parts ...string) tree.Path {
	return tree.NewPath(append([]string{"services", "*"}, parts...)...)
}
