// The machine's own resolver, on loopback as with systemd-resolved: it counts what it is asked, and answers nothing.
import { createSocket } from "node:dgram";
import { once } from "node:events";

export interface Resolver {
  /** How many questions have come for the name that no container may ask. */
  questions(): number;
  close(): void;
}

/** On 127.0.0.53, which the machine's /etc/resolv.conf names (machine.sh), and on 127.0.0.1, which containers are given. */
export async function startResolver(): Promise<Resolver> {
  let questions = 0;
  const sockets = ["127.0.0.53", "127.0.0.1"].map(async (address) => {
    const socket = createSocket("udp4");
    socket.on("message", (message) => {
      if (message.includes("outside")) questions++;
    });
    socket.bind(53, address);
    await once(socket, "listening");
    return socket;
  });
  const open = await Promise.all(sockets);
  return { questions: () => questions, close: () => open.map((socket) => socket.close()) };
}
