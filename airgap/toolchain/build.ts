// Builds parts of the toolchain from the pinned modules. Go's own caches make an interrupted build go on where it was.
import { join } from "node:path";
import { execa } from "execa";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { sources } from "./cache.ts";
import type { Part } from "./parts.ts";

/** What decides how Go builds, whatever the user's own settings for other projects are. */
const environment = {
  CGO_ENABLED: "0",
  GOTOOLCHAIN: "local",
  GOWORK: "off",
  GOFLAGS: "",
  // The compiler collects its garbage less often: a fifth less time (measured), within a bound.
  GOGC: "400",
  GOMEMLIMIT: "2GiB",
};

export interface BuildOptions {
  /** Path of Go. */
  go: string;
  env: NodeJS.ProcessEnv;
  /** Ends the build. */
  signal: AbortSignal;
  /** Called for every package that had to be compiled. */
  onPackage: () => void;
}

/**
 * Builds parts of one Go module; the executables end up in a folder, under their own names.
 * @throws XnaiError (machine) with Go's last words
 */
export async function build(parts: readonly Part[], folder: string, options: BuildOptions): Promise<void> {
  const recipes = parts.map((part) => part.build);
  const flags = recipes.flatMap(({ packages, ldflags }) => packages.map((name) => `-ldflags=${name}=${ldflags}`));
  const packages = recipes.flatMap((recipe) => recipe.packages);
  // no_compose: a resource that @pulumi/docker does not have, and half of Docker Compose with it.
  const fixed = ["build", "-v", "-trimpath", "-buildvcs=false", "-mod=readonly", "-tags=no_compose"];
  const building = execa(options.go, [...fixed, ...flags, "-o", `${folder}/`, ...packages], {
    cwd: join(sources, recipes[0]?.module ?? "."),
    // Its scratch files, up to 1 GB, on the disk that also gets the result: /tmp may be small.
    env: { ...options.env, ...environment, GOTMPDIR: folder },
    extendEnv: false,
    stdin: "ignore",
    stdout: "ignore",
    cancelSignal: options.signal,
    reject: false,
  });
  let words: string[] = [];
  for await (const line of building.iterable({ from: "stderr" })) {
    if (/^[\w.~-]+(\/[\w.~-]+)*$/.test(line)) options.onPackage();
    else if (!line.startsWith("go: downloading ")) words = [...words, line].slice(-8);
  }
  const { failed, shortMessage } = await building;
  if (failed) throw explain(words.join("\n") || shortMessage || "");
}

function explain(words: string): XnaiError {
  const fix = /no space left on device|disk quota exceeded/.test(words)
    ? "Free at least 6 GB, or point XDG_CACHE_HOME, GOCACHE and GOMODCACHE at a disk that has them. What is done is kept."
    : /permission denied|read-only file system/.test(words)
      ? "Make the folder that it names writable for you, or point GOCACHE, GOMODCACHE and XDG_CACHE_HOME elsewhere."
      : /dial tcp|no such host|i\/o timeout|connection refused|proxy|TLS handshake/.test(words)
        ? "The modules come from the Go module proxy (GOPROXY): make it reachable. What is done so far is kept."
        : "Run it again: what is done so far is kept. If it fails in the same place, report these lines.";
  return new XnaiError(exitCode.machine, `The toolchain could not be built:\n${words}`, fix);
}
