// Which networks a container may join, and where a network may lead.
import { z } from "zod";
import { isKnown, knownOf } from "../../facts/unknown.ts";
import { wildcard } from "../../facts/wildcard.ts";
import { resourceRule } from "../../rule.ts";
import { say, shown, written } from "../../say.ts";
import { hasNoRoute, noRouteOption } from "./way-out.ts";

/** Option of a bridge that lets connections out under the host's own address. */
const masquerade = "com.docker.network.bridge.enable_ip_masquerade";

/** Option of a bridge that says how its containers can be reached from outside. */
const gatewayMode = /^com\.docker\.network\.bridge\.gateway_mode_ipv[46]$/;

/** Name of the network that the engine puts containers on when nothing else is written. */
const engineBridge = "bridge";

const networkNamed = resourceRule({
  name: "network-named",
  title: "A container joins networks that are named for it, not the engine's default bridge.",
  why: "On the default bridge everything can talk to everything, and nothing has a name.",
  severity: "high",
  references: { cis: ["5.30"] },
  check(container, report) {
    const { networks, networkMode } = container;
    for (const { path, network } of knownOf(networks)) {
      if (network !== engineBridge) continue;
      report.violation(path, say`joins the engine's default bridge`, say`join a network of its own instead`);
    }
    if (isKnown(networks) && networks.length > 0) return;
    if (!report.known(networkMode, "networkMode") || !report.known(networks, "networksAdvanced")) return;
    if (!["", "bridge", "default", "nat"].includes(networkMode)) return;
    report.violation("networksAdvanced", say`names no network and ends up on the engine's default bridge`, {
      pulumi: say`write networksAdvanced: [{ name: network.name }], or networkMode: "none" if it needs none`,
      compose: say`remove network_mode, or write network_mode: "none" if it needs none`,
    });
  },
});

/** Drivers that put containers on the local network itself. */
const lanDrivers = ["macvlan", "ipvlan", "host"];
/** Ways of a gateway that let others in to unpublished ports. */
const openModes = ["routed", "nat-unprotected"];

const networkNotOnLan = resourceRule({
  name: "network-not-on-lan",
  title: "No network puts containers on the local network itself.",
  why: "With macvlan, ipvlan or a routed bridge every port of every container is open to the neighbours, published or not.",
  severity: "critical",
  subjects: ["network"],
  references: { docs: "https://docs.docker.com/engine/network/packet-filtering-firewalls/" },
  check(network, report) {
    if (report.known(network.driver, "driver") && lanDrivers.includes(network.driver)) {
      const problem = say`uses the driver ${shown(network.driver, lanDrivers)}, which opens every port of its containers to the local network`;
      report.violation("driver", problem, say`use driver: "bridge" and publish what must be reached`);
    }
    if (!report.known(network.options, "options")) return;
    for (const [option, value] of Object.entries(network.options)) {
      if (!gatewayMode.test(option) || !report.known(value, `options["${option}"]`)) continue;
      if (!openModes.includes(value)) continue;
      const problem = say`sets ${shown(option, "key")} to ${shown(value, openModes)}, which opens unpublished ports to everybody who can route here`;
      report.violation("options", problem, say`remove ${shown(option, "key")}: the default, nat, filters`);
    }
  },
});

const networkNoMasquerade = resourceRule({
  name: "network-no-masquerade",
  title: "A network that is not internal does not masquerade, unless it is there for egress.",
  why: "Masquerade is what carries a container's connections out to the internet.",
  severity: "high",
  subjects: ["network"],
  params: z.strictObject({
    networks: z
      .array(z.string())
      .default(["*_egress"])
      .describe("Names of networks that are there for egress; * matches any run"),
  }),
  references: { docs: "https://docs.docker.com/engine/network/drivers/bridge/" },
  check(network, report, { params, settings }) {
    const { name } = network;
    if (!report.known(name, "name")) return;
    if (params.networks.some((pattern) => wildcard(pattern, ".*", "^$").test(name))) return;
    if (!report.known(network.internal, "internal") || network.internal) return;
    if (!report.known(network.driver, "driver") || network.driver !== "bridge") return;
    if (!report.known(network.options, "options")) return;
    const { kind, rootless } = settings.engine;
    const reaches = say`masquerades: whatever joins it can connect to the internet`;
    if (kind === "podman") {
      const held = hasNoRoute(network, settings.engine);
      if (!report.known(held, `options["${noRouteOption}"]`) || held) return;
      const otherwise = rootless
        ? say``
        : say`, or make it with podman network create --opt ${written(noRouteOption)}=true if it carries published ports`;
      return report.violation("options", reaches, say`write internal: true${otherwise}`);
    }
    const value = network.options[masquerade] ?? "";
    if (!report.known(value, `options["${masquerade}"]`) || ["false", "0"].includes(value.toLowerCase())) return;
    report.violation("options", reaches, {
      pulumi: say`write internal: true, or options: { "${written(masquerade)}": "false" } if it carries published ports`,
      compose: say`write internal: true, or driver_opts: { ${written(masquerade)}: "false" } if it carries published ports`,
    });
  },
});

export const networkRules = [networkNamed, networkNotOnLan, networkNoMasquerade];
