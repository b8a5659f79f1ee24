// Podman's own API, on the socket where it speaks Docker's too: https://docs.podman.io/en/latest/_static/api.html
import type Docker from "dockerode";
import { dial } from "./dial.ts";

/** The oldest version of it that has everything which is asked here; a newer Podman still answers to it. */
const base = "/v4.0.0/libpod";

/** Asks Podman. @throws Error with its answer and its `statusCode` */
export function libpod<T>(
  docker: Docker,
  method: "GET" | "POST" | "DELETE",
  path: string,
  { body, abortSignal }: { body?: object; abortSignal?: AbortSignal } = {},
): Promise<T> {
  const statusCodes = {
    200: true,
    201: true,
    204: true,
    400: "bad request",
    404: "not found",
    409: "conflict",
    500: "error",
  };
  const call = {
    path: `${base}${path}`,
    method,
    statusCodes,
    ...(body && { options: body }),
    ...(abortSignal && { abortSignal }),
  };
  return dial(docker, call);
}
