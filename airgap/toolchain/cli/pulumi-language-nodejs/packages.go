package main

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// packageJSON holds the fields of a package.json that are read here.
type packageJSON struct {
	Name         string            `json:"name"`
	Version      string            `json:"version"`
	Dependencies map[string]string `json:"dependencies"`
	Pulumi       struct {
		Resource bool   `json:"resource"`
		Name     string `json:"name"`
		Version  string `json:"version"`
		Server   string `json:"server"`
	} `json:"pulumi"`
}

// dependencies returns the installed packages that a program itself depends on.
func dependencies(dir string) ([]packageJSON, error) {
	var program packageJSON
	if own, found := findUp(dir, "package.json"); found {
		if err := read(own, &program); err != nil {
			return nil, err
		}
	}
	var installed []packageJSON
	for name := range program.Dependencies {
		var dependency packageJSON
		path, found := findUp(dir, filepath.Join("node_modules", name, "package.json"))
		if found && read(path, &dependency) == nil {
			installed = append(installed, dependency)
		}
	}
	slices.SortFunc(installed, func(a, b packageJSON) int { return strings.Compare(a.Name, b.Name) })
	return installed, nil
}

func read(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// GetRequiredPackages returns the plugins that the program's dependencies need.
func (h *host) GetRequiredPackages(
	_ context.Context, q *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	installed, err := dependencies(q.Info.ProgramDirectory)
	response := &pulumirpc.GetRequiredPackagesResponse{}
	for _, dependency := range installed {
		if dependency.Pulumi.Resource {
			response.Packages = append(response.Packages, &pulumirpc.PackageDependency{
				Kind:    string(apitype.ResourcePlugin),
				Name:    cmp.Or(dependency.Pulumi.Name, strings.TrimPrefix(dependency.Name, "@pulumi/")),
				Version: cmp.Or(dependency.Pulumi.Version, dependency.Version),
				Server:  dependency.Pulumi.Server,
			})
		}
	}
	return response, err
}

// GetProgramDependencies and About serve `pulumi about`.
func (h *host) GetProgramDependencies(
	_ context.Context, q *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	installed, err := dependencies(q.Info.ProgramDirectory)
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, dependency := range installed {
		response.Dependencies = append(response.Dependencies,
			&pulumirpc.DependencyInfo{Name: dependency.Name, Version: dependency.Version})
	}
	return response, err
}

func (h *host) About(ctx context.Context, q *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := findNode(q.Info.GetProgramDirectory())
	if err != nil {
		return nil, err
	}
	version, err := exec.CommandContext(ctx, node, "--version").Output()
	return &pulumirpc.AboutResponse{Executable: node, Version: strings.TrimSpace(string(version))}, err
}

// InstallDependencies is called by `pulumi install`. It refuses: with npm's lockfile, npm installs.
func (h *host) InstallDependencies(
	*pulumirpc.InstallDependenciesRequest, pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	return status.Error(codes.Unimplemented, "this language host leaves dependencies to npm: run `npm ci`")
}
