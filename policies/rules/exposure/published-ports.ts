// Who may publish which port, and on which address.
import { z } from "zod";
import { isEveryInterface, isLoopback, sameAddress } from "../../../lib/addresses.ts";
import { identities, shownIds } from "../../facts/identity.ts";
import type { PortFact } from "../../facts/model.ts";
import { contains, type PortRange, rangeOf, rangeText } from "../../facts/port-range.ts";
import { isKnown } from "../../facts/unknown.ts";
import { resourceRule } from "../../rule.ts";
import { type Said, say, shown, written } from "../../say.ts";
import { beyondLoopback, publishers } from "../../tables/publishers.ts";

/** Protocols that a binding names. */
const protocols = ["udp", "sctp"];

/** Privileged ports that a front door is expected on. */
export const webPorts = [80, 443];

/** The number of a port, as a parameter. */
export const port = z.int().min(1).max(65_535);

const portBoundToLoopback = resourceRule({
  name: "port-bound-to-loopback",
  title: "A published port is bound to a loopback address, or to one that the configuration allows.",
  why: "Without an address the engine publishes on every interface and opens the host's firewall for it.",
  severity: "critical",
  params: z.strictObject({
    addresses: z
      .array(z.string())
      .default([])
      .describe("Addresses beyond loopback that are meant, such as 192.168.1.5"),
    services: z.array(z.string()).default(beyondLoopback).describe("Services that may use them"),
  }),
  references: {
    cis: ["5.14"],
    kics: ["Container Traffic Not Bound To Host Interface"],
    dclint: ["no-unbound-port-interfaces"],
    composeLint: ["CL-0005"],
  },
  check(container, report, { params, settings }) {
    for (const published of report.each(container.ports, "ports")) {
      const { ip, path } = published;
      if (!report.known(ip, `${path}.ip`) || isLoopback(ip)) continue;
      const allowed = params.addresses.some((address) => sameAddress(address, ip));
      const ids = identities(container, settings);
      if (allowed && !report.known(ids, "labels")) continue;
      if (allowed && isKnown(ids) && ids.some((id) => params.services.includes(id))) continue;
      const where = isEveryInterface(ip)
        ? say`every interface of the host (${shown(ip, "address")})`
        : say`${shown(ip, "address")}, which is not loopback`;
      report.violation(path, say`publishes ${containerPort(published)} on ${where}`, {
        pulumi: say`write ip: "127.0.0.1" in ${shown(path, "property")}, or unpublish it and let Caddy proxy it`,
        compose: say`write ${binding(published)} in ${shown(path, "property")}, or unpublish it`,
      });
    }
  },
});

const publishedPortAllowed = resourceRule({
  name: "published-port-allowed",
  title: "Only the services that are meant to be reached publish, and only their own ports.",
  why: "Every published port is a way in: what nobody outside needs belongs behind the front door.",
  severity: "critical",
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
      const inside = rangeOf(published, "internal");
      if (!report.known(ids, "labels") || !report.known(inside, `${published.path}.internal`)) continue;
      const allowed = (id: string) => new Set(params.publishers[id]?.filter((each) => contains(inside, each))).size;
      if (ids.length > 0 && ids.every((id) => allowed(id) === inside.last - inside.first + 1)) continue;
      const who = ids.length > 0 ? say`is ${shownIds(ids)}` : say`is no known service`;
      report.violation(
        published.path,
        say`publishes container port ${containerPort(published)}, but ${who}, and may publish ${mayPublish(ids, params.publishers)}`,
        say`remove ${shown(published.path, "property")} and reach the service through Caddy, or allow it: publishers of published-port-allowed`,
      );
    }
  },
});

const portNeverPublished = resourceRule({
  name: "port-never-published",
  title: "Ports of Vikunja (3456) and Postgres (5432) are never published, by whatever container.",
  why: "Vikunja has no security headers of its own, and a database is nobody's front door; Caddy is the only way to both.",
  severity: "critical",
  params: z.strictObject({
    ports: z.array(port).default([3456, 5432]).describe("Container or host ports that may not appear"),
  }),
  references: { cis: ["5.9"] },
  check(container, report, { params }) {
    for (const published of report.each(container.ports, "ports")) {
      for (const side of ["internal", "external"] as const) {
        const range = rangeOf(published, side);
        if (!report.known(range, `${published.path}.${side}`)) continue;
        const number = params.ports.find((each) => contains(range, each));
        if (number === undefined) continue;
        const what = side === "internal" ? say`container port ${number}` : say`on host port ${number}`;
        report.violation(
          published.path,
          say`publishes ${what}, which must never be published`,
          say`remove ${shown(published.path, "property")}`,
        );
        break;
      }
    }
  },
});

const noPublishAllPorts = resourceRule({
  name: "no-publish-all-ports",
  title: "No container publishes every port that its image exposes.",
  why: "The image decides then what is open, on every interface, and a new version may open more.",
  severity: "critical",
  references: {},
  check(container, report) {
    if (report.known(container.publishAllPorts, "publishAllPorts") && container.publishAllPorts) {
      report.violation(
        "publishAllPorts",
        say`publishes every port of its image`,
        say`remove publishAllPorts and list the ports`,
      );
    }
  },
});

export const publishedPortRules = [portBoundToLoopback, publishedPortAllowed, portNeverPublished, noPublishAllPorts];

/** How a message names the container port, or ports, of `published`. */
export function containerPort(published: PortFact): Said {
  const range = rangeOf(published, "internal");
  return isKnown(range) ? rangeText(range) : say`a port`;
}

/**
 * How a compose file writes `published` so that it is on loopback, with a host port that rootless engines can bind, and
 * with its protocol if that is not TCP.
 */
export function binding(published: PortFact): Said {
  const random = !isKnown(published.external) || published.external === 0;
  const host = rangeOf(published, random ? "internal" : "external");
  const protocol =
    isKnown(published.protocol) && protocols.includes(published.protocol)
      ? say`/${shown(published.protocol, protocols)}`
      : say``;
  return say`"127.0.0.1:${isKnown(host) ? rangeText(unprivileged(host)) : say`8080`}:${containerPort(published)}${protocol}"`;
}

/** As many ports that anybody may bind: 53 becomes 5353, 22 becomes 8022. The web's own, which are allowed, stay. */
function unprivileged(range: PortRange): PortRange {
  const { first, last } = range;
  if (first >= 1024 || (first === last && webPorts.includes(first))) return range;
  const shift = first === 53 && last === 53 ? 5300 : 8000;
  return { first: first + shift, last: last + shift };
}

function mayPublish(ids: string[], publishers: Record<string, number[]>): Said {
  const ports = ids.flatMap((id) => publishers[id] ?? []);
  return ports.length > 0 ? say`only ${written(ports.join(", "))}` : say`nothing`;
}
