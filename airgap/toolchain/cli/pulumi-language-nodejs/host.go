package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// grace is how long a cancelled program may take to end by itself before it is killed.
const grace = 5 * time.Second

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	engine    string
	cancelled context.Context
	cancel    context.CancelFunc
}

func newHost(engine string) *host {
	ctx, cancel := context.WithCancel(context.Background())
	return &host{engine: engine, cancelled: ctx, cancel: cancel}
}

func (h *host) Handshake(
	_ context.Context, q *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.engine = q.EngineAddress
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// Cancel is called by the engine when the user presses Ctrl-C.
func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.cancel()
	return &emptypb.Empty{}, nil
}

// command prepares Node to run a module, found as `require` would from dir. A cancelled request or host interrupts
// it; the kernel kills it when this process is gone.
func (h *host) command(request context.Context, dir, module string, options options, args ...string) (*exec.Cmd, error) {
	node, err := findNode(dir)
	if err != nil {
		return nil, err
	}
	path, found := findUp(dir, filepath.Join("node_modules", module, "index.js"))
	if !found {
		return nil, fmt.Errorf("%s is not installed in %s or above it: run `npm ci` there", module, dir)
	}
	ctx, cancel := context.WithCancel(request)
	context.AfterFunc(h.cancelled, cancel)
	cmd := exec.CommandContext(ctx, node, append(append(options.nodeArgs, path), args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = grace
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd, nil
}

// onOneThread calls f on an OS thread that lives until f returns: Pdeathsig fires when the starting *thread* ends.
func onOneThread(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return f()
}

// findNode prefers the Node that the project itself depends on (npm package `node`) to the one on PATH.
func findNode(dir string) (string, error) {
	if own, found := findUp(dir, filepath.Join("node_modules", "node", "bin", "node")); found {
		return own, nil
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return "", errors.New("no Node: neither the npm package `node` in the project nor `node` on PATH; run `npm ci`")
	}
	return node, nil
}

// findUp returns the file at a relative path below dir, or below the nearest parent of dir that has it.
func findUp(dir, relative string) (string, bool) {
	for {
		path := filepath.Join(dir, relative)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// options are those of `runtime.options` in Pulumi.yaml or PulumiPolicy.yaml that matter when a program runs.
type options struct {
	nodeArgs []string
	env      []string
}

func parseOptions(info *pulumirpc.ProgramInfo) (options, error) {
	var parsed options
	given := info.GetOptions().AsMap()
	if value, set := given["nodeargs"]; set {
		text, ok := value.(string)
		if !ok {
			return parsed, fmt.Errorf("runtime option nodeargs is %v: it must be a string", value)
		}
		parsed.nodeArgs = strings.Fields(text)
	}
	typescript := true
	if value, set := given["typescript"]; set {
		var ok bool
		if typescript, ok = value.(bool); !ok {
			return parsed, fmt.Errorf("runtime option typescript is %v: it must be true or false", value)
		}
	}
	if typescript {
		parsed.env = append(parsed.env, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if path, _ := given["tsconfig"].(string); path != "" {
		parsed.env = append(parsed.env, "PULUMI_NODEJS_TSCONFIG_PATH="+path)
	}
	return parsed, nil
}
