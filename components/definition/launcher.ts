// The busybox of the stack's tasks beside a service's files, for images that lack a shell or a client.
import { configPath } from "./service.ts";

/** Where a service with `launcher` finds it. */
export const launcher = `${configPath}/busybox`;
