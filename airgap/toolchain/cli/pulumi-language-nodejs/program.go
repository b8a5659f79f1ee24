package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// alreadyReported is the exit code of @pulumi/pulumi after it has shown the user what is wrong.
const alreadyReported = 32

// Run runs the program once and reports how it ended. What the program prints goes to this process' own streams, which
// the engine reads.
func (h *host) Run(ctx context.Context, q *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	cmd, err := h.program(ctx, q)
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	err = onOneThread(cmd.Run)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case !errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program could not be started: %v", err)}, nil
	case exit.ExitCode() == alreadyReported:
		return &pulumirpc.RunResponse{Bail: true}, nil
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended early: %v", exit)}, nil
	}
}

func (h *host) program(ctx context.Context, q *pulumirpc.RunRequest) (*exec.Cmd, error) {
	options, err := parseOptions(q.Info)
	if err != nil {
		return nil, err
	}
	settings, err := json.Marshal(sdkConfig(q.Config))
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(q.ConfigSecretKeys)
	if err != nil {
		return nil, err
	}
	cmd, err := h.command(ctx, q.Info.ProgramDirectory, "@pulumi/pulumi/cmd/run", options, h.programArgs(q)...)
	if err != nil {
		return nil, err
	}
	cmd.Env = append(append(os.Environ(), options.env...),
		"PULUMI_CONFIG="+string(settings), "PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys))
	// Not os.Stdout itself: Node makes its standard streams non-blocking, and would do so to this process' as well.
	cmd.Stdout, cmd.Stderr = struct{ io.Writer }{os.Stdout}, struct{ io.Writer }{os.Stderr}
	return cmd, nil
}

func (h *host) programArgs(q *pulumirpc.RunRequest) []string {
	var args []string
	for _, flag := range [][2]string{
		{"monitor", q.MonitorAddress},
		{"engine", h.engine},
		{"organization", q.Organization},
		{"project", q.Project},
		{"stack", q.Stack},
		{"root-directory", q.Info.RootDirectory},
		{"pwd", q.Info.ProgramDirectory},
		{"parallel", strconv.Itoa(int(q.Parallel))},
	} {
		if flag[1] != "" {
			args = append(args, "--"+flag[0], flag[1])
		}
	}
	if q.DryRun {
		args = append(args, "--dry-run")
	}
	return append(append(args, q.Info.EntryPoint), q.Args...)
}

// sdkConfig spells the keys as the Node SDK reads them: `package:config:name`.
func sdkConfig(given map[string]string) map[string]string {
	spelled := make(map[string]string, len(given))
	for key, value := range given {
		if parsed, err := config.ParseKey(key); err == nil {
			key = parsed.Namespace() + ":config:" + parsed.Name()
		}
		spelled[key] = value
	}
	return spelled
}
