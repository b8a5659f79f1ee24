// The form in which the engine hands inputs to a policy: checked by the provider, with its defaults filled in and every
// object marked. Taken from an event log of @pulumi/docker 5.2.0.
import { dockerTypes, type PulumiResource } from "../../../policies/facts/pulumi.ts";

type Props = Record<string, unknown>;

const containerDefaults: Props = {
  containerReadRefreshTimeoutMilliseconds: 15000,
  mustRun: true,
  networkMode: "bridge",
  removeVolumes: true,
  restart: "no",
  start: true,
  waitTimeout: 60,
};

export function checkedByProvider(stack: PulumiResource[]): PulumiResource[] {
  return stack.map((each) => {
    const props = each.props as Props;
    if (each.type === dockerTypes.container) return { ...each, props: marked(container(props)) };
    if (each.type === dockerTypes.network)
      return { ...each, props: marked(withDefaults(props, { ipamDriver: "default" })) };
    return { ...each, props: marked(props) };
  });
}

function container(props: Props): Props {
  const ports = (props.ports as Props[] | undefined)?.map((port) =>
    withDefaults(port, { ip: "0.0.0.0", protocol: "tcp" }),
  );
  return withDefaults({ ...props, ports }, containerDefaults);
}

function withDefaults(props: Props, defaults: Props): Props {
  const given = Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
  return { ...defaults, ...given, __defaults: Object.keys(defaults).filter((key) => !(key in given)) };
}

/** Every object that the provider's schema knows carries `__defaults`; maps (sysctls, logOpts) do not. */
function marked(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((each) => marked(each));
  if (typeof value !== "object" || value === null) return value;
  const isMap = ["sysctls", "logOpts", "options", "driverOpts", "tmpfs"].includes(key);
  const entries = Object.entries(value).map(([name, each]) => [name, marked(each, name)]);
  return { ...(isMap ? {} : { __defaults: [] }), ...Object.fromEntries(entries) };
}
