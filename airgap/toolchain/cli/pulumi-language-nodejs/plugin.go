package main

import (
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// RunPlugin runs a policy pack or another plugin written for Node until it ends or the engine hangs up, streaming
// its output.
func (h *host) RunPlugin(q *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer) error {
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return err
	}
	defer closer.Close()
	options, err := parseOptions(q.Info)
	if err != nil {
		return err
	}
	run := func(cmd *exec.Cmd) error { return cmd.Run() }
	module, dir, env := "@pulumi/pulumi/cmd/run-plugin", q.Pwd, append(q.Env, options.env...)
	args := append([]string{q.Info.ProgramDirectory}, q.Args...)
	if q.Kind == string(apitype.AnalyzerPlugin) {
		module, dir = "@pulumi/pulumi/cmd/run-policy-pack", q.Info.ProgramDirectory
		args = append(append([]string{}, q.Args...), q.Info.ProgramDirectory)
		// The Node policy library takes the stack from its environment, so the pack can start only after the engine
		// has said which stack it is: until then the SDK's proxy listens in its place.
		proxy, proxied, err := sdk.NewPolicyProxy(server.Context(), stdout)
		if err != nil {
			return err
		}
		stack, err := proxy.AwaitConfiguration(server.Context())
		if err != nil {
			return err
		}
		stackEnv, err := policyEnv(stack)
		if err != nil {
			return err
		}
		env, stdout = append(env, stackEnv...), proxied
		run = func(cmd *exec.Cmd) error {
			if err := cmd.Start(); err != nil {
				return err
			}
			return proxy.Attach(server.Context(), cmd)
		}
	}
	cmd, err := h.command(server.Context(), q.Info.ProgramDirectory, module, options, args...)
	if err != nil {
		return err
	}
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, stdout, stderr
	err = onOneThread(func() error { return run(cmd) })
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || server.Context().Err() == context.Canceled) {
		return err
	}
	if exit != nil {
		return server.Send(&pulumirpc.RunPluginResponse{
			Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(exit.ExitCode())},
		})
	}
	return nil
}

// policyEnv holds what @pulumi/pulumi/cmd/run-policy-pack reads about the stack under review.
func policyEnv(stack *pulumirpc.AnalyzerStackConfigureRequest) ([]string, error) {
	if stack == nil {
		return nil, nil
	}
	settings, err := json.Marshal(stack.Config)
	if err != nil {
		return nil, err
	}
	return []string{
		"PULUMI_NODEJS_ORGANIZATION=" + stack.Organization,
		"PULUMI_NODEJS_PROJECT=" + stack.Project,
		"PULUMI_NODEJS_STACK=" + stack.Stack,
		"PULUMI_NODEJS_DRY_RUN=" + strconv.FormatBool(stack.DryRun),
		"PULUMI_CONFIG=" + string(settings),
	}, nil
}
