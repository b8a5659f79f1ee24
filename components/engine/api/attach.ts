// A connection to the standard input and output of a container.
import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import { dial } from "./dial.ts";

/**
 * Attaches to a container, also to one that has not started yet.
 * Not by dockerode's `attach`: it sends its options as a body, too, which Podman takes for the beginning of the input.
 */
export function attach(docker: Docker, id: string, { stdin }: { stdin: boolean }): Promise<Duplex> {
  const call = {
    path: `/containers/${id}/attach?`,
    options: { stream: true, stdout: true, stderr: true, ...(stdin && { stdin }) },
    method: "POST",
    // No body, and a length that says so.
    file: Buffer.alloc(0),
    headers: { "Content-Type": "text/plain" },
    hijack: true,
    isStream: true,
    statusCodes: { 101: true, 200: true, 404: "no such container", 409: "conflict", 500: "server error" },
  };
  return dial(docker, call);
}
