// actionlint over the workflows: `npm run lint:workflows`. A Go module, run with the Go that the toolchain uses.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cacheRoot } from "../airgap/toolchain/cache.ts";
import { findGo } from "../airgap/toolchain/go.ts";

const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
/** `docker` is what Forgejo's runners are called; actionlint knows GitHub's. */
const ignored = 'label "docker" is unknown';

const folders = [".github", ".forgejo"].map((folder) => join(import.meta.dirname, "..", folder, "workflows"));
const files = folders.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
const go = await findGo(cacheRoot(process.env), process.env, console.error);
const { exitCode } = await execa(go, ["run", actionlint, "-ignore", ignored, ...files], {
  stdio: "inherit",
  reject: false,
});
process.exitCode = exitCode;
