// Docker from Ubuntu's snap store.
import { exitCode, XnaiError } from "../../../lib/errors.ts";

/**
 * Its confinement ends every container with `no-new-privileges` at its start (the kernel may not change the AppArmor profile
 * then), and it sees nothing of the machine outside of home directories.
 * @param dataRoot where the engine keeps its data, as `/info` says
 * @throws XnaiError (machine)
 */
export function checkNotSnap(dataRoot: string | undefined): void {
  if (!dataRoot?.startsWith("/var/snap/docker/")) return;
  throw new XnaiError(
    exitCode.machine,
    `The engine is Docker from snap (its data is in ${dataRoot}), whose confinement ends every container that may not gain privileges, which is every one of this stack.`,
    "Install Docker from the distribution or from docker.com instead: snap remove docker (copy its volumes first, if you need them), then apt-get install docker.io. Nothing was changed.",
  );
}
