/** Asks Consul's HTTP API. @param url `http://localhost:8500` @param path from `/v1/` on */
export const askConsul = (url: string, token: string | undefined, path: string, method = "GET", body?: string) =>
  fetch(`${url}${path}`, {
    method,
    ...(token && { headers: { "X-Consul-Token": token } }),
    ...(body !== undefined && { body }),
  });
