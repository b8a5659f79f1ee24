// Builds tools from the pinned Go modules. Go's own caches make an interrupted build go on where it stopped.
import { join } from "node:path";
import { execa } from "execa";
import { failureLines } from "../../lib/command-failure.ts";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { sources } from "./cache.ts";
import type { Tool } from "./tools.ts";

/** How Go builds here, whatever the user has set for other projects. */
const environment = {
  CGO_ENABLED: "0",
  GOTOOLCHAIN: "local",
  GOWORK: "off",
  GOFLAGS: "",
  // The compiler collects its garbage less often, within a bound: measured, a fifth less time.
  GOGC: "400",
  GOMEMLIMIT: "2GiB",
};

/** How much of what Go printed is shown when it fails. */
const linesShown = 8;

export interface BuildOptions {
  /** Go itself: a command on PATH, or a path. */
  go: string;
  env: NodeJS.ProcessEnv;
  /** Ends the build. */
  signal: AbortSignal;
  /** Called for every package that had to be compiled. */
  onPackage: () => void;
}

/**
 * Builds tools of one Go module into a folder, under the names of their executables.
 * @throws XnaiError (machine) with the last lines that Go printed
 */
export async function build(tools: readonly Tool[], folder: string, options: BuildOptions): Promise<void> {
  const builds = tools.map((tool) => tool.build);
  const flags = builds.flatMap(({ packages, ldflags }) => packages.map((name) => `-ldflags=${name}=${ldflags}`));
  const packages = builds.flatMap((one) => one.packages);
  await compile(join(sources, builds[0]?.module ?? "."), [...flags, "-o", `${folder}/`, ...packages], folder, options);
}

/**
 * Runs `go build` in the folder of a module.
 * @param args what to build, and where to put it
 * @param scratch a folder on the disk that gets the result
 * @throws XnaiError (machine) with the last lines that Go printed
 */
export async function compile(module: string, args: string[], scratch: string, options: BuildOptions): Promise<void> {
  // no_compose: a resource that @pulumi/docker does not have, and half of Docker Compose with it.
  const fixed = ["build", "-v", "-trimpath", "-buildvcs=false", "-mod=readonly", "-tags=no_compose"];
  const building = execa(options.go, [...fixed, ...args], {
    cwd: module,
    // Go's scratch files, up to 1 GB, on the disk that also gets the result: /tmp may be small.
    env: { ...options.env, ...environment, GOTMPDIR: scratch },
    extendEnv: false,
    stdin: "ignore",
    stdout: "ignore",
    cancelSignal: options.signal,
    reject: false,
  });
  let output: string[] = [];
  for await (const line of building.iterable({ from: "stderr" })) {
    if (/^[\w.~-]+(\/[\w.~-]+)*$/.test(line)) options.onPackage();
    else if (!line.startsWith("go: downloading ")) output = [...output, line].slice(-linesShown);
  }
  const { failed, shortMessage } = await building;
  if (failed)
    throw compileFailure(failureLines({ stderr: output.join("\n"), shortMessage }, { last: linesShown }).join("\n"));
}

/** What a user can do, by what Go says of the reason. */
function compileFailure(output: string): XnaiError {
  const fix = /no space left on device|disk quota exceeded/.test(output)
    ? "Free at least 6 GB, or point XDG_CACHE_HOME, GOCACHE and GOMODCACHE at a disk that has them. What is done so far is kept."
    : /permission denied|read-only file system/.test(output)
      ? "Make the folder that Go names writable for you, or point GOCACHE, GOMODCACHE and XDG_CACHE_HOME elsewhere."
      : /dial tcp|no such host|i\/o timeout|connection refused|proxy|TLS handshake/.test(output)
        ? "The modules come from the Go module proxy (GOPROXY): make it reachable. What is done so far is kept."
        : "Run it again: what is done so far is kept. If it fails in the same place, report these lines.";
  return new XnaiError(exitCode.machine, `The toolchain could not be built:\n${output}`, fix);
}
