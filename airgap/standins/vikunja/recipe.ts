/**
 * A stand-in for Vikunja, laid out as the official image is: nothing but the program in /app/vikunja, a /tmp that
 * anybody may write, user 1000. The program is server/, built from its pinned modules.
 */
import { join } from "node:path";
import { buildGo } from "../../images/lib/go.ts";
import { Tree } from "../../images/lib/tree.ts";
import { versions } from "../../images/names.ts";
import type { Recipe } from "../../images/recipe.ts";

export const recipe: Recipe = {
  name: "vikunja",
  standIn: "A stand-in for Vikunja: a part of its v1 API over the real Postgres. No web UI, no CalDAV, no mail.",
  seconds: 30,
  async build(context) {
    const program = await buildGo(context, { module: join(import.meta.dirname, "server"), package: "." });
    const tree = new Tree();
    tree.directory("tmp", { mode: 0o1777, uid: 1000, gid: 1000 });
    tree.hostFile("app/vikunja/vikunja", program, { mode: 0o755 });
    return {
      version: `${versions.vikunja}-standin`,
      tree,
      entrypoint: ["/app/vikunja/vikunja"],
      env: { VIKUNJA_SERVICE_ROOTPATH: "/app/vikunja/", VIKUNJA_DATABASE_PATH: "/db/vikunja.db" },
      user: "1000",
      workdir: "/app/vikunja",
      ports: ["3456/tcp"],
    };
  },
};
