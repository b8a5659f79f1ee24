// What can be reached from outside the engine's own networks: published ports, their addresses, and who may publish.
import { z } from "zod";
import { isEveryInterface, isLoopback, sameAddress } from "../../lib/addresses.ts";
import type { PortFact } from "../facts/facts.ts";
import { identities } from "../facts/identity.ts";
import { isKnown } from "../facts/maybe.ts";
import { resourceRule, stackRule } from "../rule.ts";
import { publishers } from "../tables/publishers.ts";

const port = z.int().min(1).max(65_535);

const portBoundToLoopback = resourceRule({
  name: "port-bound-to-loopback",
  area: "exposure",
  title: "A published port is bound to a loopback address, or to one that the configuration allows.",
  why: "Without an address the engine publishes on every interface and opens the host's firewall for it.",
  severity: "critical",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({
    addresses: z
      .array(z.string())
      .default([])
      .describe("Addresses beyond loopback that are meant, such as 192.168.1.5"),
    services: z.array(z.string()).default(["caddy"]).describe("Services that may use them"),
  }),
  references: {
    cis: ["5.14"],
    kics: ["Container Traffic Not Bound To Host Interface"],
    dclint: ["no-unbound-port-interfaces"],
  },
  check(container, report, { params, settings }) {
    for (const published of report.each(container.ports, "ports")) {
      const { ip, path } = published;
      if (!report.known(ip, `${path}.ip`) || isLoopback(ip)) continue;
      const allowed = params.addresses.some((address) => sameAddress(address, ip));
      const ids = identities(container, settings);
      if (allowed && !report.known(ids, "labels")) continue;
      if (allowed && isKnown(ids) && ids.some((id) => params.services.includes(id))) continue;
      const where = isEveryInterface(ip) ? `every interface of the host (${ip})` : `${ip}, which is not loopback`;
      report.violation(path, `publishes ${shown(published)} on ${where}`, {
        pulumi: `write ip: "127.0.0.1" in ${path}, or unpublish it and let Caddy proxy it`,
        compose: `write "127.0.0.1:${hostPort(published)}:${shown(published)}" in ${path}, or unpublish it`,
      });
    }
  },
});

const publishedPortAllowed = resourceRule({
  name: "published-port-allowed",
  area: "exposure",
  title: "Only the services that are meant to be reached publish, and only their own ports.",
  why: "Every published port is a way in: what nobody outside needs belongs behind the front door.",
  severity: "critical",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({
    publishers: z
      .record(z.string(), z.array(port))
      .default(publishers)
      .describe("Service (label io.xnai.service, or product of the image) and the container ports that it may publish"),
  }),
  references: { cis: ["5.9"] },
  check(container, report, { params, settings }) {
    const ids = identities(container, settings);
    for (const published of report.each(container.ports, "ports")) {
      if (!report.known(ids, "labels") || !report.known(published.internal, `${published.path}.internal`)) continue;
      const internal = published.internal;
      if (ids.length > 0 && ids.every((id) => params.publishers[id]?.includes(internal))) continue;
      const who = ids.length > 0 ? `is ${ids.join(" and ")}` : "is no known service";
      report.violation(
        published.path,
        `publishes container port ${internal}, but ${who}, and may publish ${mayPublish(ids, params.publishers)}`,
        `remove ${published.path} and reach the service through Caddy, or allow it: publishers of published-port-allowed`,
      );
    }
  },
});

const portNeverPublished = resourceRule({
  name: "port-never-published",
  area: "exposure",
  title: "Ports of Vikunja (3456) and Postgres (5432) are never published, by whatever container.",
  why: "Vikunja has no security headers of its own, and a database is nobody's front door; Caddy is the only way to both.",
  severity: "critical",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({
    ports: z.array(port).default([3456, 5432]).describe("Container or host ports that may not appear"),
  }),
  references: { cis: ["5.9"] },
  check(container, report, { params }) {
    for (const published of report.each(container.ports, "ports")) {
      for (const side of ["internal", "external"] as const) {
        const number = published[side];
        if (!report.known(number, `${published.path}.${side}`) || !params.ports.includes(number)) continue;
        const what = side === "internal" ? `container port ${number}` : `on host port ${number}`;
        report.violation(
          published.path,
          `publishes ${what}, which must never be published`,
          `remove ${published.path}`,
        );
        break;
      }
    }
  },
});

const noPublishAllPorts = resourceRule({
  name: "no-publish-all-ports",
  area: "exposure",
  title: "No container publishes every port that its image exposes.",
  why: "The image decides then what is open, on every interface, and a new version may open more.",
  severity: "critical",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: {},
  check(container, report) {
    if (report.known(container.publishAllPorts, "publishAllPorts") && container.publishAllPorts) {
      report.violation(
        "publishAllPorts",
        "publishes every port of its image",
        "remove publishAllPorts and list the ports",
      );
    }
  },
});

const hostPortExplicit = resourceRule({
  name: "host-port-explicit",
  area: "exposure",
  title: "A published port names its host port.",
  why: "Without one the engine picks a random high port, another one after every restart, that no firewall rule or reader expects.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: {},
  check(container, report) {
    for (const published of report.each(container.ports, "ports")) {
      const { external, path } = published;
      if (!report.known(external, `${path}.external`) || external !== 0) continue;
      report.violation(path, `publishes ${shown(published)} on a random host port`, {
        pulumi: `write external: ${shown(published)} in ${path}`,
        compose: `write "127.0.0.1:${shown(published)}:${shown(published)}" in ${path}`,
      });
    }
  },
});

const noPrivilegedHostPort = resourceRule({
  name: "no-privileged-host-port",
  area: "exposure",
  title: "No host port below 1024, except those that the configuration allows.",
  why: "Ports below 1024 belong to system services, and rootless engines cannot bind them.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({
    allowed: z.array(port).default([80, 443]).describe("Host ports below 1024 that are meant"),
  }),
  references: { cis: ["5.8"], kics: ["Privileged Ports Mapped In Container"] },
  check(container, report, { params }) {
    for (const published of report.each(container.ports, "ports")) {
      const { external, path } = published;
      if (!report.known(external, `${path}.external`)) continue;
      if (external === 0 || external >= 1024 || params.allowed.includes(external)) continue;
      report.violation(
        path,
        `publishes on host port ${external}, a privileged one`,
        `use a host port from 1024 on in ${path}`,
      );
    }
  },
});

const noSshPort = resourceRule({
  name: "no-ssh-port",
  area: "exposure",
  title: "No container publishes an SSH server.",
  why: "A shell belongs to the host; `docker exec` needs no second set of keys and no open port.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { cis: ["5.7"], checkov: ["CKV_DOCKER_1"] },
  check(container, report) {
    for (const published of report.each(container.ports, "ports")) {
      if (!report.known(published.internal, `${published.path}.internal`) || published.internal !== 22) continue;
      report.violation(
        published.path,
        "publishes container port 22 (SSH)",
        `remove ${published.path}, and use docker exec`,
      );
    }
  },
});

const hostPortUnique = stackRule({
  name: "host-port-unique",
  area: "exposure",
  title: "No two containers publish the same host port.",
  why: "The second one fails to start, after the first half of the update is done.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { dclint: ["no-duplicate-exported-ports"] },
  check(container, report, { stack }) {
    for (const mine of report.each(container.ports, "ports")) {
      if (!report.known(mine.external, `${mine.path}.external`)) continue;
      for (const { owner, published } of stack.publishing.get(mine.external) ?? []) {
        if (owner.id === container.id || !sameSocket(mine, published)) continue;
        report.violation(
          mine.path,
          `publishes host port ${mine.external}, and so does ${owner.label}`,
          "give one of them another host port",
        );
      }
    }
  },
});

const containerNameUnique = stackRule({
  name: "container-name-unique",
  area: "exposure",
  title: "No two containers have the same name.",
  why: "The engine refuses the second one, after the first half of the update is done; and a name is an address on the network.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { dclint: ["no-duplicate-container-names"] },
  check(container, report, { stack }) {
    if (!report.known(container.name, "name") || container.name === "") return;
    for (const other of stack.named.get(container.name) ?? []) {
      if (other.id === container.id) continue;
      report.violation("name", `has the same name as ${other.id}`, "give one of them another name");
    }
  },
});

function shown(published: PortFact): string {
  return isKnown(published.internal) ? String(published.internal) : "a port";
}

function hostPort(published: PortFact): string {
  return isKnown(published.external) && published.external !== 0 ? String(published.external) : shown(published);
}

function mayPublish(ids: string[], publishers: Record<string, number[]>): string {
  const ports = ids.flatMap((id) => publishers[id] ?? []);
  return ports.length > 0 ? `only ${ports.join(", ")}` : "nothing";
}

/** Whether two bindings of one host port collide: the same protocol, and addresses that overlap. Unknown does not count. */
function sameSocket(a: PortFact, b: PortFact): boolean {
  if (!isKnown(a.ip) || !isKnown(b.ip) || a.protocol !== b.protocol) return false;
  return isEveryInterface(a.ip) || isEveryInterface(b.ip) || sameAddress(a.ip, b.ip);
}

export const exposureRules = [
  portBoundToLoopback,
  publishedPortAllowed,
  portNeverPublished,
  noPublishAllPorts,
  hostPortExplicit,
  noPrivilegedHostPort,
  noSshPort,
  hostPortUnique,
  containerNameUnique,
];
