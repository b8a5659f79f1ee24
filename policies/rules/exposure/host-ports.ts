// Which numbers published ports may have, and what two containers cannot both have.
import { z } from "zod";
import { isEveryInterface, sameAddress } from "../../../lib/addresses.ts";
import { listed, runTogether } from "../../facts/company.ts";
import type { PortFact } from "../../facts/model.ts";
import { contains, rangeOf, rangeText } from "../../facts/port-range.ts";
import { isKnown } from "../../facts/unknown.ts";
import { resourceRule, stackRule } from "../../rule.ts";
import { say, shown } from "../../say.ts";
import { binding, containerPort, port, webPorts } from "./published-ports.ts";

const hostPortExplicit = resourceRule({
  name: "host-port-explicit",
  title: "A published port names its host port.",
  why: "Without one the engine picks a random high port, another one after every restart, that no firewall rule or reader expects.",
  severity: "medium",
  references: {},
  check(container, report) {
    for (const published of report.each(container.ports, "ports")) {
      const { external, path } = published;
      if (!report.known(external, `${path}.external`) || external !== 0) continue;
      report.violation(path, say`publishes ${containerPort(published)} on a random host port`, {
        pulumi: say`write external: ${containerPort(published)} in ${shown(path, "property")}`,
        compose: say`write ${binding(published)} in ${shown(path, "property")}`,
      });
    }
  },
});

/** 1 to 1023. */
const privilegedPorts = Array.from({ length: 1023 }, (_, i) => i + 1);

const noPrivilegedHostPort = resourceRule({
  name: "no-privileged-host-port",
  title: "No host port below 1024, except those that the configuration allows.",
  why: "Ports below 1024 belong to system services, and rootless engines cannot bind them.",
  severity: "medium",
  params: z.strictObject({
    allowed: z.array(port).default(webPorts).describe("Host ports below 1024 that are meant"),
  }),
  references: { cis: ["5.8"], kics: ["Privileged Ports Mapped In Container"] },
  check(container, report, { params }) {
    for (const published of report.each(container.ports, "ports")) {
      const { path } = published;
      const range = rangeOf(published, "external");
      if (!report.known(range, `${path}.external`) || range.first === 0) continue;
      const privileged = privilegedPorts.find((each) => contains(range, each) && !params.allowed.includes(each));
      if (privileged === undefined) continue;
      const which =
        range.first === range.last ? say`a privileged one` : say`of which ${privileged} is a privileged one`;
      const ports = range.first === range.last ? say`port` : say`ports`;
      report.violation(path, say`publishes on host ${ports} ${rangeText(range)}, ${which}`, {
        pulumi: say`use a host port from 1024 on in ${shown(path, "property")}`,
        compose: say`write ${binding(published)} in ${shown(path, "property")}`,
      });
    }
  },
});

const noSshPort = resourceRule({
  name: "no-ssh-port",
  title: "No container publishes an SSH server.",
  why: "A shell belongs to the host; `docker exec` needs no second set of keys and no open port.",
  severity: "medium",
  params: z.strictObject({
    containers: z
      .array(z.string())
      .default([])
      .describe("Containers whose SSH is the service itself, such as a git or SFTP server"),
  }),
  references: { cis: ["5.7"], checkov: ["CKV_DOCKER_1"] },
  check(container, report, { params }) {
    if (params.containers.includes(container.label)) return;
    for (const published of report.each(container.ports, "ports")) {
      const inside = rangeOf(published, "internal");
      if (!report.known(inside, `${published.path}.internal`) || !contains(inside, 22)) continue;
      report.violation(
        published.path,
        say`publishes container port 22 (SSH)`,
        say`remove ${shown(published.path, "property")} and use docker exec for a shell; if it serves git or files, allow it: containers of no-ssh-port`,
      );
    }
  },
});

const hostPortUnique = stackRule({
  name: "host-port-unique",
  title: "No host port is published twice.",
  why: "The second container fails to start, after the first half of the update is done; one that asks for it twice never starts.",
  severity: "high",
  references: { dclint: ["no-duplicate-exported-ports"] },
  check(container, report, { inventory }) {
    for (const mine of report.each(container.ports, "ports")) {
      const range = rangeOf(mine, "external");
      if (!report.known(range, `${mine.path}.external`) || range.first === 0) continue;
      const same = inventory.publishing(range).filter(({ published }) => sameSocket(mine, published));
      if (same.some(({ owner, published }) => owner.id === container.id && forAnotherPort(mine, published))) {
        const problem = say`publishes host port ${rangeText(range)} for two ports of its own`;
        report.violation(mine.path, problem, say`give one of them another host port`);
        continue;
      }
      const others = same.filter(({ owner }) => owner.id !== container.id && runTogether(container, owner));
      if (others.length === 0) continue;
      const names = listed(others.map(({ owner }) => owner.label));
      const problem = say`publishes host port ${rangeText(range)}, and so does ${names}`;
      report.violation(mine.path, problem, say`give one of them another host port`);
    }
  },
});

const containerNameUnique = stackRule({
  name: "container-name-unique",
  title: "No two containers have the same name.",
  why: "The engine refuses the second one, after the first half of the update is done; and a name is an address on the network.",
  severity: "high",
  references: { dclint: ["no-duplicate-container-names"] },
  check(container, report, { inventory }) {
    if (!report.known(container.name, "name") || container.name === "") return;
    const same = inventory.named.get(container.name) ?? [];
    const others = same.filter((other) => other.id !== container.id && runTogether(container, other));
    if (others.length === 0) return;
    const ids = listed(others.map(({ id }) => id));
    report.violation("name", say`has the same name as ${ids}`, say`give one of them another name`);
  },
});

export const hostPortRules = [hostPortExplicit, noPrivilegedHostPort, noSshPort, hostPortUnique, containerNameUnique];

/** Whether one container gives a host port away twice: not by one port of its own on several addresses, which is no clash. */
function forAnotherPort(a: PortFact, b: PortFact): boolean {
  return a.path !== b.path && isKnown(a.internal) && isKnown(b.internal) && a.internal !== b.internal;
}

/** Whether two bindings of one host port collide: the same protocol, and addresses that overlap. Unknown does not count. */
function sameSocket(a: PortFact, b: PortFact): boolean {
  if (!isKnown(a.ip) || !isKnown(b.ip) || a.protocol !== b.protocol) return false;
  return a.ip === b.ip || isEveryInterface(a.ip) || isEveryInterface(b.ip) || sameAddress(a.ip, b.ip);
}
