// Asks a service as fast as it answers.

/** One connection to a service. */
export interface Client {
  /** Asks several times. @returns how often @throws Error for any answer but the right one */
  ask(): Promise<number>;
  close(): Promise<void>;
}

/** Milliseconds for one answer: the mean, one connection that waits for each. */
export async function latency(client: Client, seconds: number): Promise<number> {
  const { asked, took } = await load([client], seconds);
  return (took * 1000) / asked;
}

/** Answers a second over several connections, each of which waits for its own. */
export async function rate(clients: Client[], seconds: number): Promise<number> {
  const { asked, took } = await load(clients, seconds);
  return asked / took;
}

async function load(clients: Client[], seconds: number): Promise<{ asked: number; took: number }> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let asked = 0;
  async function keepAsking(client: Client): Promise<void> {
    while (performance.now() < end) {
      const answered = await client.ask();
      asked += answered;
    }
  }
  await Promise.all(clients.map(keepAsking));
  return { asked, took: (performance.now() - start) / 1000 };
}
