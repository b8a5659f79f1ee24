// Where a stack's state and the engine differ, and what puts it right. Pulumi sees nothing of it by itself: it believes its
// state. Pure.
import type Docker from "dockerode";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { namesOf } from "../../../components/names.ts";
import { label } from "../../../lib/labels.ts";
import {
  containers,
  dataVolumes,
  labelOf,
  type MadeNetwork,
  madeNetworks,
  networks,
  preparingTasks,
  readyMarker,
  volumes,
} from "../../pulumi/resources.ts";
import type { StackState, StateResource } from "../../pulumi/state.ts";
import { neighbours } from "../neighbours.ts";
import type { ServiceStatus } from "../status/service-status.ts";
import { joinedDifferences } from "./joined.ts";
import { type EngineView, nameOfContainer } from "./view.ts";

/** One difference. */
export interface Difference {
  /** In a sentence. */
  text: string;
  /** Resources that are made anew. */
  replace: string[];
  /** Which of them the engine does not have: a refresh takes that out of the state, and Pulumi then makes it by itself. */
  gone?: string;
  /** What stands in the place of the stack's own, and goes before. */
  inTheWay?: { kind: "container" | "network"; id: string; name: string };
  /** A volume that is made again, under its name, because Pulumi would remove it by that very name. */
  volume?: { name: string; labels: Record<string, string> };
  /** Service whose data is not there any more. */
  lostData?: string;
}

/** What is compared. */
export interface Compared {
  config: StackConfig;
  state: StackState;
  view: EngineView;
  /** What the services answer. @default nobody has asked them */
  statuses?: readonly ServiceStatus[];
}

/** Every difference, networks first: containers have to follow them. */
export function differences({ config, state, view, statuses = [] }: Compared): Difference[] {
  const running = containers(state).filter((each) => config.services[serviceOf(each)] === true);
  const wanted = namesOf(config).networks;
  return [
    ...networks(state)
      .filter((network) => wanted.includes(inputName(network)))
      .flatMap((network) => networkDifference(network, running, view)),
    ...madeNetworks(state)
      .filter(({ name }) => wanted.includes(name))
      .flatMap((network) => madeNetworkDifference(network, running, view)),
    ...volumes(state).flatMap((volume) => volumeDifference(volume, config, state, view)),
    ...running.flatMap((container) => containerDifference(container, state, view, statuses)),
    ...joinedDifferences(state, view),
  ];
}

const serviceOf = (resource: StateResource) => labelOf(resource, label.service) ?? "";
const inputName = ({ inputs }: StateResource) => String(inputs?.name);

/** Names of the networks that a container is made on. */
const networksOf = ({ inputs }: StateResource) =>
  ((inputs?.networksAdvanced ?? []) as { name: string }[]).map(({ name }) => name);

function networkDifference(network: StateResource, running: StateResource[], view: EngineView): Difference[] {
  const { networks } = view;
  if (networks.some(({ Id }) => Id === network.id)) return [];
  const name = inputName(network);
  const other = networks.find(({ Name }) => Name === name);
  return [
    {
      text: other
        ? `the network ${name} is another one than up made: it is made anew, and so is what is on it`
        : `the network ${name} is gone: it is made anew, and so is what was on it${joinAgain(name, running, view)}`,
      replace: [network.urn, ...running.filter((each) => networksOf(each).includes(name)).map(({ urn }) => urn)],
      gone: network.urn,
      ...(other && { inTheWay: { kind: "network" as const, id: other.Id, name } }),
    },
  ];
}

/** One that the program made: state knows no id of it. */
function madeNetworkDifference(
  { urn, name, options }: MadeNetwork,
  running: StateResource[],
  view: EngineView,
): Difference[] {
  const found = view.networks.find(({ Name }) => Name === name);
  const asMade = Object.entries(options).every(([option, value]) => found?.Options?.[option] === value);
  if (found && asMade) return [];
  const replace = [urn, ...running.filter((each) => networksOf(each).includes(name)).map((each) => each.urn)];
  if (!found)
    return [
      {
        text: `the network ${name} is gone: it is made anew, and so is what was on it${joinAgain(name, running, view)}`,
        replace,
      },
    ];
  const text = `the network ${name} is another one than up made: it is made anew, and so is what is on it`;
  return [{ text, replace, inTheWay: { kind: "network", id: found.Id, name } }];
}

/** Somebody else's stopped container keeps the id of the network that is gone, and would not start. */
function joinAgain(network: string, running: StateResource[], { containers }: EngineView): string {
  const own = new Set(running.map(({ id }) => id ?? ""));
  const all = neighbours(containers, own, [network]).map(
    ({ name }) => `docker network disconnect -f ${network} ${name} && docker network connect ${network} ${name}`,
  );
  return all.length > 0 ? `. What is not the stack's own has to join it again afterwards: ${all.join(" && ")}` : "";
}

function volumeDifference(
  volume: StateResource,
  config: StackConfig,
  state: StackState,
  view: EngineView,
): Difference[] {
  const name = inputName(volume);
  if (view.volumes.some(({ Name }) => Name === name)) return [];
  const service = serviceOf(volume);
  const on = config.services[service] === true;
  const isData = dataVolumes(state).includes(volume);
  // The files of a service that is being switched off go with it.
  if (!isData && !on) return [];
  return [
    {
      text: isData
        ? `the volume ${name} with data of ${service} is gone`
        : `the volume ${name} with files of ${service} is gone: they are written anew`,
      replace: on ? preparingTasks(state, service) : [],
      volume: { name, labels: labelsOf(volume) },
      ...(isData && { lostData: service }),
    },
  ];
}

const labelsOf = ({ inputs }: StateResource) =>
  Object.fromEntries(
    ((inputs?.labels ?? []) as { label: string; value: string }[]).map(({ label, value }) => [label, value]),
  );

function containerDifference(
  container: StateResource,
  state: StackState,
  view: EngineView,
  statuses: readonly ServiceStatus[],
): Difference[] {
  const name = inputName(container);
  const anew = (text: string, more: Partial<Difference> = {}) => [{ text, replace: [container.urn], ...more }];
  const found = view.containers.find(({ Id }) => Id === container.id);
  if (!found) {
    const other = view.containers.find((each) => nameOfContainer(each) === name);
    const gone = container.urn;
    if (!other) return anew(`the container ${name} is gone: it is made anew, on the data that is there`, { gone });
    // What carries no label of the stack is somebody else's: the check of the names says so.
    if (other.Labels[label.stack] !== labelOf(container, label.stack)) return [];
    const inTheWay = { kind: "container" as const, id: other.Id, name };
    const text = `the container ${name} is another one than up made (from ${other.Image}): up's own takes its place, on the same data and with the same passwords`;
    return anew(text, { inTheWay, gone });
  }
  const called = nameOfContainer(found);
  if (called !== name) return anew(`the container ${name} is called ${called} now: it is made anew`);
  const off = networksOf(container).filter((network) => !isOn(found, network, state));
  if (off.length > 0) return anew(`the container ${name} is not on ${off.join(" and ")} any more: it is made anew`);
  return notWell(found, name, state, statuses);
}

/** By the network's id as well: one that was made anew has the same name. A container that never started has none yet. */
function isOn({ NetworkSettings }: Docker.ContainerInfo, network: string, state: StackState): boolean {
  const joined = NetworkSettings?.Networks?.[network];
  const made = networks(state).find((each) => inputName(each) === network);
  return joined !== undefined && (!joined.NetworkID || made === undefined || joined.NetworkID === made.id);
}

/** A service that does not answer is started anew if it has to be, and waited for. */
function notWell(
  { State }: Docker.ContainerInfo,
  name: string,
  state: StackState,
  statuses: readonly ServiceStatus[],
): Difference[] {
  const ready = readyMarker(state, name);
  const replace = ready ? [ready.urn] : [];
  if (State !== "running") return [{ text: `the container ${name} is ${State}: it is started`, replace }];
  const status = statuses.find(({ container }) => container === name);
  if (status?.health !== "unhealthy") return [];
  return [{ text: `the container ${name} runs and does not answer: it is waited for`, replace }];
}
