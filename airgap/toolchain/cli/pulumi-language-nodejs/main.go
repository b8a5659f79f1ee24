// Command pulumi-language-nodejs lets the Pulumi CLI run Node programs and policy packs.
//
// The CLI starts it with the address of its engine as the last argument and reads the port of this gRPC server from
// the first line of stdout. Linux only: no process that it starts outlives it, and it does not outlive the engine.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: pulumi-language-nodejs [flags of the CLI, ignored] <engine address>")
		os.Exit(2)
	}
	last := os.Args[len(os.Args)-1]
	if last == "--version" || last == "-version" {
		fmt.Println(version.Version)
		return
	}
	host := newHost(last)
	go exitWithEngine(last)
	server, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(s *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(s, host)
			return nil
		},
	})
	if err == nil {
		fmt.Println(server.Port)
		err = <-server.Done
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}

// exitWithEngine ends this process, and with it the program, as soon as the engine is gone: the kernel closes the port
// of a CLI that was killed at once.
func exitWithEngine(address string) {
	engine, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithIdleTimeout(0))
	if err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-language-nodejs: engine address %q: %v\n", address, err)
		os.Exit(1)
	}
	engine.Connect()
	for state, connected := engine.GetState(), false; ; state = engine.GetState() {
		if state == connectivity.TransientFailure || (connected && state != connectivity.Ready) {
			os.Exit(1)
		}
		connected = connected || state == connectivity.Ready
		engine.WaitForStateChange(context.Background(), state)
	}
}
