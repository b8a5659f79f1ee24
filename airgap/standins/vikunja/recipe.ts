// A stand-in for Vikunja, laid out as the official image is: nothing but the program in /app/vikunja, a /tmp that anybody
// can write to, user 1000. The program is server/, built from its pinned modules.
import type { Recipe } from "../../recipe.ts";

export const recipe: Recipe = {
  name: "vikunja",
  folder: import.meta.dirname,
  version: "2.5.0",
  standIn: "A stand-in for Vikunja: a part of its v1 API over the real Postgres. No web UI, no CalDAV, no mail.",
  seconds: 30,
  program: { module: "server", package: ".", to: "app/vikunja/vikunja" },
  directories: { tmp: { mode: 0o1777, uid: 1000, gid: 1000 } },
  start: {
    entrypoint: ["/app/vikunja/vikunja"],
    env: { VIKUNJA_SERVICE_ROOTPATH: "/app/vikunja/", VIKUNJA_DATABASE_PATH: "/db/vikunja.db" },
    user: "1000",
    workdir: "/app/vikunja",
    ports: ["3456/tcp"],
  },
};
