// A stand-in for the Vikunja server, for machines that cannot get the real image.
//
// It speaks the part of Vikunja's v1 API that the stack and its checks use, reads the same VIKUNJA_* settings, keeps
// its data in the real Postgres and fails the way the real server was seen to fail: the same exit codes, the same
// messages. It is written from Vikunja's observed behaviour and shares no code with it.
package main

import (
	"fmt"
	"os"

	"xnai.local/vikunja-standin/api"
)

func main() {
	command := "web"
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	switch command {
	case "web":
		runWeb()
	case "healthcheck":
		runHealthcheck()
	case "version":
		fmt.Printf("Vikunja api version %s (stand-in)\n", api.Version)
	default:
		fmt.Fprintf(os.Stderr, "Error: unknown command %q for \"vikunja\" (this is a stand-in: web, healthcheck and version only)\n", command)
		os.Exit(1)
	}
}
