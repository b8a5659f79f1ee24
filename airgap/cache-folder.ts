// Where downloads and builds are kept between runs, for all checkouts of this user.
import { homedir } from "node:os";
import { join } from "node:path";

/** `$XDG_CACHE_HOME/xnai/<what>`, by default below `~/.cache`. */
export function cacheFolder(env: NodeJS.ProcessEnv, what: "images" | "node" | "toolchain"): string {
  // A relative path is to be ignored, says the XDG Base Directory Specification.
  const base = env.XDG_CACHE_HOME?.startsWith("/") ? env.XDG_CACHE_HOME : join(homedir(), ".cache");
  return join(base, "xnai", what);
}
