// Ways around all other rules: changes that are ignored, an engine that others can talk to, what no rule can read.
import { z } from "zod";
import { resourceRule } from "../../rule.ts";
import { joined, say, shown } from "../../say.ts";
import { engineAddresses, hostOf } from "./engine-addresses.ts";

const noIgnoredChanges = resourceRule({
  name: "no-ignored-changes",
  title: "What the program says of a container is what runs.",
  why: "A property under ignoreChanges keeps its old value on the engine, while every rule reads the new one.",
  severity: "high",
  params: z.strictObject({
    allowed: z.array(z.string()).default([]).describe("Properties that no rule reads, such as hostname"),
  }),
  references: { docs: "https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/" },
  check(container, report, { params }) {
    const ignored = container.ignoredChanges.filter((property) => !params.allowed.includes(property));
    if (ignored.length === 0) return;
    report.violation(
      "ignoreChanges",
      say`ignores changes of ${joined(
        ignored.map((each) => shown(each, "property")),
        ", ",
      )}`,
      say`remove ignoreChanges from its resource options`,
    );
  },
});

const engineEncrypted = resourceRule({
  name: "engine-encrypted",
  title: "No engine is spoken to over an unencrypted network socket, neither by the program nor by a container.",
  why: "Whoever can open that socket is root on the machine, and whoever can listen reads every secret that passes.",
  severity: "critical",
  subjects: ["provider", "container"],
  params: z.strictObject({
    hosts: z
      .array(z.string())
      .default([])
      .describe("Names of filtering proxies of one's own that containers may speak to, such as socket-proxy"),
  }),
  references: { cis: ["2.7"] },
  check(subject, report, { params }) {
    if (subject.kind === "container") {
      for (const { path, name, address } of engineAddresses(subject, report)) {
        if (params.hosts.includes(hostOf(address))) continue;
        const problem = say`speaks to an engine without encryption (${name})`;
        report.violation(path, problem, say`remove ${name}, or allow a filtering proxy: hosts of engine-encrypted`);
      }
      return;
    }
    if (!report.known(subject.host, "host") || !/^(tcp|http):/i.test(subject.host)) return;
    if (!report.known(subject.tls, "certPath") || (subject.tls && /^tcp:/i.test(subject.host))) return;
    report.violation(
      "host",
      say`speaks to ${shown(subject.host, "url")} without encryption`,
      say`use ssh://user@host, a local unix:// socket, or tcp:// with certPath`,
    );
  },
});

const everythingCovered = resourceRule({
  name: "everything-covered",
  title: "Nothing runs that these rules cannot read.",
  why: "A Swarm service publishes on every interface and a plugin runs on the host: neither has the properties that the rules judge.",
  severity: "medium",
  subjects: ["foreign"],
  params: z.strictObject({
    types: z
      .array(z.string())
      .default([])
      .describe("Resource types that are meant, such as docker:index/service:Service"),
  }),
  references: { docs: "https://docs.docker.com/reference/cli/docker/service/create/#publish" },
  check(resource, report, { params }) {
    if (params.types.includes(resource.type)) return;
    report.violation(
      "type",
      say`is a ${shown(resource.type, "type")}, which no rule covers`,
      say`use a docker.Container, or allow it: types of everything-covered`,
    );
  },
});

export const loopholeRules = [noIgnoredChanges, engineEncrypted, everythingCovered];
