// The front door answers as the README says: a landing page, Vikunja behind its prefix, 401 without a token.
import { execFileSync } from "node:child_process";

const status = JSON.parse(
  execFileSync("npm", ["run", "--silent", "xnai", "--", "status", "--json"], { encoding: "utf8" }),
);
const [address] = status.find(({ service }) => service === "caddy").addresses;
const wanted = { "/": 200, "/vikunja/api/v1/info": 200, "/vikunja/api/v1/projects": 401, "/api/": 502 };
for (const [path, code] of Object.entries(wanted)) {
  const answer = await fetch(`http://${address}${path}`);
  console.log(`${path}: ${answer.status}, ${code} wanted`);
  if (answer.status !== code) process.exitCode = 1;
}
