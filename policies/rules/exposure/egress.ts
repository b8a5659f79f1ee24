// What can leave a container: connections to the outside, name resolution, and networks with a way out.
import { z } from "zod";
import { isLoopback } from "../../../lib/addresses.ts";
import { identities, mayReachOutside, shownIds } from "../../facts/identity.ts";
import type { ContainerFacts } from "../../facts/model.ts";
import { isKnown } from "../../facts/unknown.ts";
import { resourceRule, stackRule } from "../../rule.ts";
import { joined, type Said, say, shown, written } from "../../say.ts";
import { noResolver } from "../engine.ts";
import { answersRouters, endsAtHost, networkOwner, ttl, wayOut } from "./way-out.ts";

const egressAllowed = stackRule({
  name: "egress-allowed",
  title: "Only containers that are meant to can reach outside of the host.",
  why: "A container that cannot connect out cannot leak: neither telemetry nor data, whatever its settings say.",
  severity: "high",
  params: z.strictObject({
    routed: z
      .array(z.string())
      .default([])
      .describe(
        "Services that answer clients behind a router: while they publish beyond loopback, what they send may leave, under an address that nobody outside can answer",
      ),
  }),
  references: { docs: "https://docs.docker.com/engine/network/" },
  check(container, report, { params, settings, inventory }) {
    const allowed = mayReachOutside(container, settings);
    if (!report.known(allowed, "labels") || allowed) return;
    const owner = networkOwner(container, inventory);
    const way = wayOut(owner, inventory, settings.engine);
    if (!report.known(way, "networksAdvanced") || !way) return;
    const held = endsAtHost(owner, way, settings.engine);
    if (!report.known(held, "sysctls") || held) return;
    const answers = answersRouters(owner, params.routed, settings);
    if (!report.known(answers, "labels") || (answers && !way.ipv6)) return;
    // An internal network carries no published port.
    const join = publishes(container) ? say`` : say`join only networks with internal: true, or `;
    const fix = (sysctl: Said) =>
      say`${join}write sysctls: { ${sysctl} } (packets then end at the host), or allow it: settings.egress`;
    report.violation("networksAdvanced", say`can reach outside of the host: ${way.why}`, {
      pulumi: fix(say`"${written(ttl)}": "1"`),
      compose: fix(say`${written(ttl)}: 1`),
    });
  },
});

const dnsNotForwarded = resourceRule({
  name: "dns-not-forwarded",
  title: "A container that may not reach outside does not resolve outside names either.",
  why: "The engine asks the host's resolver on a container's behalf, even from an internal network: names are a way out for data.",
  severity: "medium",
  references: { docs: "https://docs.docker.com/engine/network/#dns-services" },
  check(container, report, { settings }) {
    const allowed = mayReachOutside(container, settings);
    if (!report.known(allowed, "labels") || allowed) return;
    if (!report.known(container.networkMode, "networkMode") || !hasOwnResolver(container.networkMode)) return;
    const servers = report.each(container.dns, "dns");
    const nobody = noResolver[settings.engine.kind];
    const asksNobody = (server: string) => server === nobody || (isLoopback(server) && isLoopback(nobody));
    const outside = servers.filter((server) => !asksNobody(server));
    if (!isKnown(container.dns) || (outside.length === 0 && container.dns.length > 0)) return;
    const problem =
      outside.length > 0
        ? say`resolves names through ${joined(
            outside.map((server) => shown(server, "address")),
            ", ",
          )}`
        : say`resolves names through the host's resolver`;
    report.violation(
      "dns",
      problem,
      say`write dns: ["${written(nobody)}"] (names of containers still resolve), or allow it: settings.egress`,
    );
  },
});

const databaseInternal = stackRule({
  name: "database-on-internal-network",
  title: "What nobody outside may reach is on internal networks only.",
  why: "An internal network has no way in from the host's other interfaces and no way out.",
  severity: "high",
  params: z.strictObject({
    services: z
      .array(z.string())
      .default(["vikunja", "postgres", "mysql", "mariadb", "mongodb"])
      .describe("Services (label, or product of the image) that belong there"),
  }),
  references: { docs: "https://docs.docker.com/reference/cli/docker/network/create/#internal" },
  check(container, report, { params, settings, inventory }) {
    const ids = identities(container, settings);
    if (!report.known(ids, "labels") || !ids.some((id) => params.services.includes(id))) return;
    for (const { path, network } of report.each(container.networks, "networksAdvanced")) {
      if (!report.known(network, `${path}.name`)) continue;
      const facts = inventory.networks.get(network);
      if (facts && (!report.known(facts.internal, `internal of ${network}`) || facts.internal)) continue;
      const what = facts ? say`not internal` : say`not declared here, so that nobody can tell whether it is internal`;
      report.violation(
        path,
        say`is ${shownIds(ids)} and joins ${shown(network, "name")}, which is ${what}`,
        (inventory.joining.get(network) ?? []).some(publishes)
          ? say`give it a network of its own with internal: true (${shown(network, "name")} carries published ports)`
          : say`write internal: true on that network`,
      );
    }
  },
});

export const egressRules = [egressAllowed, dnsNotForwarded, databaseInternal];

function publishes({ ports }: ContainerFacts): boolean {
  return isKnown(ports) && ports.length > 0;
}

function hasOwnResolver(networkMode: string): boolean {
  return networkMode !== "none" && networkMode !== "host" && !networkMode.startsWith("container:");
}
