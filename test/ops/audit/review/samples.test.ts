// The three sample pull requests of docs/review.md. `npm run docs:review` writes them anew.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { comment, planned } from "./pull-request.ts";

const page = join(import.meta.dirname, "../../../../docs/review.md");
const base = { images: { source: "hub" } };

const samples = [
  {
    title: "A harmless one",
    says: "Redis gets more memory, and Caddy one more route.",
    config: {
      redis: { maxMemoryMiB: 1024 },
      caddy: {
        routes: [
          { path: "/api", upstream: "xnai_rag_api:8000" },
          { path: "/chainlit", upstream: "xnai_chainlit_ui:8001" },
          { path: "/docs", upstream: "xnai_docs:8002" },
        ],
      },
    },
  },
  {
    title: "A dangerous one",
    says: "Caddy opens on the LAN, Qdrant gets a way out, Consul goes, another owner gets the data, and a rule is relaxed.",
    config: {
      exposure: { caddy: { address: "192.168.1.10" } },
      egress: ["qdrant"],
      services: { consul: false },
      owners: { redis: { uid: 1001, gid: 1001 } },
      policy: { "image-pinned": "advisory" },
    },
  },
  {
    title: "One that breaks a rule",
    says: "Redis runs whatever its tag points to on the day.",
    config: { images: { source: "hub", refs: { redis: "redis:8.2.3-alpine" } } },
  },
];

it("are what docs/review.md shows", async () => {
  const rendered: string[] = [];
  const old = await planned(base);
  for (const { title, says, config } of samples)
    rendered.push(`## ${title}`, says, (await comment(old, { ...base, ...config })).trim());
  const text = readFileSync(page, "utf8");
  const [head = "", rest = ""] = text.split("<!-- samples -->");
  const [, tail = ""] = rest.split("<!-- /samples -->");
  await expect(`${head}<!-- samples -->\n\n${rendered.join("\n\n")}\n\n<!-- /samples -->${tail}`).toMatchFileSnapshot(
    page,
  );
}, 60_000);
