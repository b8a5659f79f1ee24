// The fault table: each container, network and volume that the whole stack makes, missing, foreign, re-created, changed by hand
// or emptied. The state is what the program registers; the engine is what the fault leaves of it.
import type Docker from "dockerode";
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../components/config/parse.ts";
import { type Difference, differences } from "../../../../ops/engine/drift/compare.ts";
import { checkNoDataLost } from "../../../../ops/engine/drift/put-right.ts";
import type { EngineView } from "../../../../ops/engine/drift/view.ts";
import type { StackState, StateResource } from "../../../../ops/pulumi/state.ts";
import { type Registered, run } from "../../../support/program.ts";
import { serviceNames } from "../../../support/services.ts";

const config = parseConfig({ egress: ["qdrant"] });
const types: Record<string, string> = {
  Container: "docker:index/container:Container",
  Network: "docker:index/network:Network",
  Volume: "docker:index/volume:Volume",
  RandomUuid: "random:index/randomUuid:RandomUuid",
};
let all: StateResource[];
let state: StackState;
let whole: EngineView;

const nameOf = ({ inputs }: StateResource) => String(inputs?.name);
const idOf = ({ type, name, inputs }: { type: string; name: string; inputs: Record<string, unknown> }) =>
  type === types.Volume ? String(inputs.name) : `id-of-${name}`;
const ofType = (kind: string) => all.filter(({ type }) => type === types[kind]);
const labelsOf = ({ inputs }: StateResource) =>
  Object.fromEntries(
    ((inputs?.labels ?? []) as { label: string; value: string }[]).map(({ label, value }) => [label, value]),
  );

beforeAll(async () => {
  const { all: registered } = await run(
    async () => {
      const { Stack } = await import("../../../../components/stack.ts");
      return new Stack("stack", config);
    },
    // What this stack may reach is not what is tested here.
    { expectViolations: true },
  );
  all = registered
    .filter(({ kind }) => types[kind] !== undefined)
    .map(({ kind, name, urn, inputs }: Registered) => {
      const type = types[kind] as string;
      return { urn, type, inputs, id: idOf({ type, name, inputs }) };
    });
  state = { resources: all, pending: [] };
  const networks = ofType("Network");
  whole = {
    networks: networks.map((each) => ({ Id: each.id, Name: nameOf(each) })) as Docker.NetworkInspectInfo[],
    volumes: ofType("Volume").map((each) => ({ Name: nameOf(each) })) as Docker.VolumeInspectInfo[],
    containers: ofType("Container").map((each) => ({
      Id: each.id,
      Names: [`/${nameOf(each)}`],
      Image: "some/image:1",
      State: "running",
      Labels: labelsOf(each),
      NetworkSettings: {
        Networks: Object.fromEntries(
          ((each.inputs?.networksAdvanced ?? []) as { name: string }[]).map(({ name }) => [
            name,
            { NetworkID: networks.find((network) => nameOf(network) === name)?.id },
          ]),
        ),
      },
    })) as unknown as Docker.ContainerInfo[],
  };
});

const found = (view: Partial<EngineView>): Difference[] => differences({ config, state, view: { ...whole, ...view } });
const others = <T extends { Id: string }>(list: T[], id: string | undefined) => list.filter(({ Id }) => Id !== id);

/** For each container: what is on the engine instead, and what is done. */
const containerFaults: [
  string,
  (one: Docker.ContainerInfo) => Docker.ContainerInfo[],
  RegExp,
  "itself" | "ready" | "nothing",
][] = [
  ["missing", () => [], /is gone/, "itself"],
  ["foreign", (one) => [{ ...one, Id: "x", Labels: {} }], /^$/, "nothing"],
  ["re-created", (one) => [{ ...one, Id: "x" }], /is another one than up made/, "itself"],
  ["renamed", (one) => [{ ...one, Names: ["/y"] }], /is called y now/, "itself"],
  ["off its networks", (one) => [{ ...one, NetworkSettings: { Networks: {} } }], /is not on .* any more/, "itself"],
  ["stopped", (one) => [{ ...one, State: "exited" }], /is exited: it is started/, "ready"],
  ["crash-looping", (one) => [{ ...one, State: "restarting" }], /is restarting: it is started/, "ready"],
];

describe("the fault table", () => {
  it("is about everything that the stack has on the engine", () => {
    expect([ofType("Container").length, ofType("Network").length]).toEqual([serviceNames.length, 4]);
    expect(ofType("Volume").length).toBeGreaterThan(10);
    expect(found({})).toEqual([]);
  });

  it.each(containerFaults)("each container, %s", (_, fault, text, replaced) => {
    for (const container of ofType("Container")) {
      const one = whole.containers.find(({ Id }) => Id === container.id) as Docker.ContainerInfo;
      const differs = found({ containers: [...others(whole.containers, container.id), ...fault(one)] });
      const title = nameOf(container);
      if (replaced === "nothing") {
        expect(differs, title).toEqual([]);
        continue;
      }
      expect(differs.map((each) => each.text).join(), title).toMatch(text);
      const [urn = ""] = differs.flatMap(({ replace }) => replace);
      expect(urn === container.urn, title).toBe(replaced === "itself");
      if (replaced === "ready") expect(urn, title).toMatch(/-ready$/);
    }
  });

  it.each([
    ["missing", undefined],
    ["foreign", "x"],
  ])("each network, %s: it is made anew, and every container on it", (_, Id) => {
    for (const network of ofType("Network")) {
      const Name = nameOf(network);
      const instead = Id ? ([{ Id, Name }] as Docker.NetworkInspectInfo[]) : [];
      const differs = found({ networks: [...others(whole.networks, network.id), ...instead] });
      const on = ofType("Container").filter(({ inputs }) =>
        ((inputs?.networksAdvanced ?? []) as { name: string }[]).some(({ name }) => name === Name),
      );
      expect(differs.flatMap(({ replace }) => replace).toSorted(), Name).toEqual(
        [network, ...on].map(({ urn }) => urn).toSorted(),
      );
      expect(differs[0]?.inTheWay?.id, Name).toBe(Id);
    }
  });

  it("each volume, missing: files are written anew, data is never made anew silently", () => {
    for (const volume of ofType("Volume")) {
      const [name, { "io.xnai.role": role, "io.xnai.service": service = "" }] = [nameOf(volume), labelsOf(volume)];
      const differs = found({ volumes: whole.volumes.filter(({ Name }) => Name !== name) });
      expect(differs, name).toHaveLength(1);
      expect(differs[0]?.replace.join(), name).toMatch(/-prepare$/);
      expect(differs[0]?.volume, name).toEqual({ name, labels: labelsOf(volume) });
      if (role === "config") expect(() => checkNoDataLost(differs, []), name).not.toThrow();
      else
        expect(() => checkNoDataLost(differs, []), name).toThrow(`the volume ${name} with data of ${service} is gone`);
      expect(() => checkNoDataLost(differs, [service]), name).not.toThrow();
    }
  });

  it("a network that is gone leaves somebody else's stopped container behind, and the way back is named", () => {
    const [network] = ofType("Network").filter((each) => nameOf(each) === "xnai_network");
    const guest = {
      ...(whole.containers[0] as Docker.ContainerInfo),
      ...{ Id: "guest", Names: ["/guest"], State: "exited", Labels: {} },
      NetworkSettings: { Networks: { xnai_network: { NetworkID: network?.id } } },
    } as unknown as Docker.ContainerInfo;
    const [difference] = found({
      networks: others(whole.networks, network?.id),
      containers: [...whole.containers, guest],
    });
    expect(difference?.text).toContain(
      "docker network disconnect -f xnai_network guest && docker network connect xnai_network guest",
    );
  });
});
