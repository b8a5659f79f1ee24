// What can leave: networks that reach outside of the host, name resolution, and who is meant to use them.
import { z } from "zod";
import { isLoopback } from "../../lib/addresses.ts";
import type { ContainerFacts, NetworkFacts } from "../facts/facts.ts";
import { identities, mayReachOutside } from "../facts/identity.ts";
import { isKnown, type Maybe, map, some, UNKNOWN } from "../facts/maybe.ts";
import type { Stack } from "../facts/stack.ts";
import { wildcard } from "../facts/wildcard.ts";
import { resourceRule, stackRule } from "../rule.ts";

const ttl = "net.ipv4.ip_default_ttl";
const masquerade = "com.docker.network.bridge.enable_ip_masquerade";
const gatewayMode = /^com\.docker\.network\.bridge\.gateway_mode_ipv[46]$/;

const networkNamed = resourceRule({
  name: "network-named",
  area: "exposure",
  title: "A container joins networks that are named for it, not the engine's default bridge.",
  why: "On the default bridge everything can talk to everything, and nothing has a name.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { cis: ["5.30"], kics: ["Networks Not Set"] },
  check(container, report) {
    const { networks, networkMode } = container;
    if (isKnown(networks) && networks.length > 0) return;
    if (!report.known(networkMode, "networkMode") || !report.known(networks, "networksAdvanced")) return;
    if (!["", "bridge", "default", "nat"].includes(networkMode)) return;
    report.violation("networksAdvanced", "names no network and ends up on the engine's default bridge", {
      pulumi: 'write networksAdvanced: [{ name: network.name }], or networkMode: "none" if it needs none',
      compose: 'remove network_mode: bridge and list its networks, or write network_mode: "none"',
    });
  },
});

const networkNotOnLan = resourceRule({
  name: "network-not-on-lan",
  area: "exposure",
  title: "No network puts containers on the local network itself.",
  why: "With macvlan, ipvlan or a routed bridge every port of every container is open to the neighbours, published or not.",
  severity: "critical",
  level: "mandatory",
  subjects: ["network"],
  params: z.strictObject({}),
  references: { docs: "https://docs.docker.com/engine/network/packet-filtering-firewalls/" },
  check(network, report) {
    if (report.known(network.driver, "driver") && ["macvlan", "ipvlan", "host"].includes(network.driver)) {
      const problem = `uses the driver ${network.driver}, which opens every port of its containers to the local network`;
      report.violation("driver", problem, 'use driver: "bridge" and publish what must be reached');
    }
    if (!report.known(network.options, "options")) return;
    for (const [option, value] of Object.entries(network.options)) {
      if (!gatewayMode.test(option) || !report.known(value, `options["${option}"]`)) continue;
      if (!["routed", "nat-unprotected"].includes(value)) continue;
      const problem = `sets ${option} to ${value}, which opens unpublished ports to everybody who can route here`;
      report.violation("options", problem, `remove ${option}: the default, nat, filters`);
    }
  },
});

const networkNoMasquerade = resourceRule({
  name: "network-no-masquerade",
  area: "exposure",
  title: "A network that is not internal does not masquerade, unless it is there for egress.",
  why: "Masquerade is what carries a container's connections out to the internet.",
  severity: "high",
  level: "mandatory",
  subjects: ["network"],
  params: z.strictObject({
    networks: z
      .array(z.string())
      .default(["*_egress"])
      .describe("Names of networks that are there for egress; * matches any run"),
  }),
  references: { docs: "https://docs.docker.com/engine/network/drivers/bridge/" },
  check(network, report, { params }) {
    if (
      !report.known(network.name, "name") ||
      params.networks.some((pattern) => wildcard(pattern, ".*", "^$").test(network.name as string))
    )
      return;
    if (!report.known(network.internal, "internal") || network.internal) return;
    if (!report.known(network.driver, "driver") || network.driver !== "bridge") return;
    if (!report.known(network.options, "options")) return;
    const value = network.options[masquerade] ?? "";
    if (!report.known(value, `options["${masquerade}"]`) || ["false", "0"].includes(value.toLowerCase())) return;
    report.violation("options", "masquerades: whatever joins it can connect to the internet", {
      pulumi: `write internal: true, or options: { "${masquerade}": "false" } if it carries published ports`,
      compose: `write internal: true, or driver_opts: { ${masquerade}: "false" } if it carries published ports`,
    });
  },
});

const egressAllowed = stackRule({
  name: "egress-allowed",
  area: "exposure",
  title: "Only containers that are meant to can reach outside of the host.",
  why: "A container that cannot connect out cannot leak: neither telemetry nor data, whatever its settings say.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { docs: "https://docs.docker.com/engine/network/" },
  check(container, report, { settings, stack }) {
    const allowed = mayReachOutside(container, settings);
    if (!report.known(allowed, "labels") || allowed) return;
    const owner = networkOwner(container, stack);
    const way = wayOut(owner, stack);
    if (!report.known(way, "networksAdvanced") || way === "") return;
    const held = isHeld(owner, way);
    if (!report.known(held, "sysctls") || held) return;
    report.violation("networksAdvanced", `can reach outside of the host: ${way}`, {
      pulumi: `join only networks with internal: true, or write sysctls: { "${ttl}": "1" } (packets then end at the host), or allow it: settings.egress`,
      compose: `join only networks with internal: true, or write sysctls: { ${ttl}: 1 } (packets then end at the host), or allow it: settings.egress`,
    });
  },
});

const dnsNotForwarded = resourceRule({
  name: "dns-not-forwarded",
  area: "exposure",
  title: "A container that may not reach outside does not resolve outside names either.",
  why: "The engine asks the host's resolver on a container's behalf, even from an internal network: names are a way out for data.",
  severity: "medium",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({}),
  references: { docs: "https://docs.docker.com/engine/network/#dns-services" },
  check(container, report, { settings }) {
    const allowed = mayReachOutside(container, settings);
    if (!report.known(allowed, "labels") || allowed) return;
    if (!report.known(container.networkMode, "networkMode") || !hasOwnResolver(container.networkMode)) return;
    const servers = report.each(container.dns, "dns");
    const outside = servers.filter((server) => !isLoopback(server));
    if (!isKnown(container.dns) || (outside.length === 0 && container.dns.length > 0)) return;
    const problem =
      outside.length > 0
        ? `resolves names through ${outside.join(", ")}`
        : "resolves names through the host's resolver";
    report.violation(
      "dns",
      problem,
      'write dns: ["127.0.0.1"] (names of containers still resolve), or allow it: settings.egress',
    );
  },
});

const databaseInternal = stackRule({
  name: "database-on-internal-network",
  area: "exposure",
  title: "What nobody outside may reach is on internal networks only.",
  why: "An internal network has no way in from the host's other interfaces and no way out.",
  severity: "high",
  level: "mandatory",
  subjects: ["container"],
  params: z.strictObject({
    services: z
      .array(z.string())
      .default(["vikunja", "postgres", "mysql", "mariadb", "mongodb"])
      .describe("Services (label, or product of the image) that belong there"),
  }),
  references: { docs: "https://docs.docker.com/reference/cli/docker/network/create/#internal" },
  check(container, report, { params, settings, stack }) {
    const ids = identities(container, settings);
    if (!report.known(ids, "labels") || !ids.some((id) => params.services.includes(id))) return;
    for (const { path, network } of report.each(container.networks, "networksAdvanced")) {
      if (!report.known(network, `${path}.name`)) continue;
      const facts = stack.networks.get(network);
      if (facts && (!report.known(facts.internal, `internal of ${network}`) || facts.internal)) continue;
      const what = facts ? "not internal" : "not declared here, so that nobody can tell whether it is internal";
      report.violation(
        path,
        `is ${ids.join(" and ")} and joins ${network}, which is ${what}`,
        "write internal: true on that network",
      );
    }
  },
});

export const egressRules = [
  networkNamed,
  networkNotOnLan,
  networkNoMasquerade,
  egressAllowed,
  dnsNotForwarded,
  databaseInternal,
];

/** The container whose network it uses: its own, or that of the container of this stack that it shares one with. */
function networkOwner(container: ContainerFacts, stack: Stack): ContainerFacts {
  const [, name] = isKnown(container.networkMode) ? (/^container:(.+)$/.exec(container.networkMode) ?? []) : [];
  return (name !== undefined && stack.named.get(name)?.[0]) || container;
}

/** Why the container's networks lead outside; "" if they do not. Host networking has a rule of its own. */
function wayOut(container: ContainerFacts, stack: Stack): Maybe<string> {
  const { networks, networkMode } = container;
  if (!isKnown(networkMode)) return UNKNOWN;
  if (networkMode === "none" || networkMode === "host" || networkMode.startsWith("container:")) return "";
  const named = ["", "bridge", "default"].includes(networkMode) ? [] : [{ network: networkMode }];
  if (!isKnown(networks)) return UNKNOWN;
  const all = [...named, ...networks];
  if (all.length === 0) return "it is on the engine's default bridge";
  const ways = all.map((each) => (isKnown(each) && isKnown(each.network) ? leadsOut(each.network, stack) : UNKNOWN));
  return ways.find((way) => isKnown(way) && way !== "") ?? (ways.includes(UNKNOWN) ? UNKNOWN : "");
}

function leadsOut(name: string, stack: Stack): Maybe<string> {
  const network: NetworkFacts | undefined = stack.networks.get(name);
  if (!network) return `the network ${name} is not declared here`;
  return map(network.internal, (internal) => {
    if (internal) return "";
    return network.ipv6 === true
      ? `the network ${name} is not internal and has IPv6`
      : `the network ${name} is not internal`;
  });
}

/**
 * Whether its packets die on the host: a time to live of 1 ends at the first router, which is the host itself; 2 is
 * what clients on the same link need when it publishes beyond loopback. IPv6 has a hop limit of its own.
 */
function isHeld(container: ContainerFacts, way: string): Maybe<boolean> {
  if (way.endsWith("IPv6") || !isKnown(container.sysctls)) return isKnown(container.sysctls) ? false : UNKNOWN;
  const value = container.sysctls[ttl] ?? "";
  if (!isKnown(value)) return UNKNOWN;
  return value === "1" || (value === "2" && publishesBeyondLoopback(container) === true);
}

function publishesBeyondLoopback(container: ContainerFacts): Maybe<boolean> {
  return some(container.ports, ({ ip }) => map(ip, (address) => !isLoopback(address)));
}

function hasOwnResolver(networkMode: string): boolean {
  return networkMode !== "none" && networkMode !== "host" && !networkMode.startsWith("container:");
}
