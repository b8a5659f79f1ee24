// Addresses that the stack will publish on and that this machine does not have: the engine would find out only when it has
// removed the container of before.
import { createServer } from "node:net";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { bindingsOf } from "../../../components/services.ts";
import type { Engine } from "../connection/connect.ts";

/** One sentence, with what to do, for each service whose address is not there. Nothing is known of an engine elsewhere. */
export async function missingAddresses({ local }: Pick<Engine, "local">, config: StackConfig): Promise<string[]> {
  if (!local) return [];
  const asked = new Map(bindingsOf(config).map(({ service, address }) => [service, address]));
  const missing = await Promise.all(
    [...asked].map(async ([service, address]) => ((await isThere(address)) ? [] : [{ service, address }])),
  );
  return missing
    .flat()
    .map(
      ({ service, address }) =>
        `exposure.${service}.address is ${address}, which is not one of this machine's addresses (now): bring its interface up (ip address shows which are there), or set another one.`,
    );
}

/** By trying it, so that the kernel's own exceptions hold (net.ipv4.ip_nonlocal_bind). */
function isThere(address: string): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) => done(code !== "EADDRNOTAVAIL"));
    server.listen({ host: address, port: 0 }, () => server.close(() => done(true)));
  });
}
