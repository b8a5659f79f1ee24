// What may leave this machine because the configuration says so, in words. Pure.
import type { StackConfig } from "./config/keys/base.ts";
import { routedServices, servicesOn } from "./services.ts";

/** One sentence for each service that is not kept from it. */
export function leaving(config: StackConfig): string[] {
  const egress = servicesOn(config).flatMap(({ name }) =>
    config.egress.includes(name) ? [`${name} may reach the internet (egress)`] : [],
  );
  const routed = routedServices(config).map(
    (name) =>
      `${name} answers clients behind routers (exposure.${name}): ` +
      "whoever takes it over can send packets anywhere, though no answer finds the way back",
  );
  return [...egress, ...routed];
}
