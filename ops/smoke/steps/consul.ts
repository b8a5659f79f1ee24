// Agents in the catalogue: who is there, and how they are.
import { type Bus, type Step, until } from "../step.ts";

interface Entry {
  Service: { ID: string };
  Checks: { Name: string; Status: string; ServiceID: string }[];
}

/** Consul drops an agent that has been critical for so long; one minute is the least. So goes what a killed run has left. */
const goneAfter = "1m";

/** An agent in Consul's catalogue, as this run registers one. */
export class Agent {
  readonly #bus: Bus;
  readonly name: string;

  constructor(bus: Bus, name: string) {
    this.#bus = bus;
    this.name = name;
  }

  /** Registers it, with a check that it answers by itself. */
  async register(): Promise<void> {
    const gone = () => this.leave();
    this.#bus.undo(`Consul service ${this.name}`, async () => (await this.#known()) && gone());
    await this.#bus.consul.must("PUT", "/v1/agent/service/register", {
      body: { Name: this.name, ID: this.name, Check: { TTL: "60s", DeregisterCriticalServiceAfter: goneAfter } },
    });
  }

  async report(status: "pass" | "fail"): Promise<void> {
    await this.#bus.consul.must("PUT", `/v1/agent/check/${status}/service:${this.name}`);
  }

  async leave(): Promise<void> {
    await this.#bus.consul.must("PUT", `/v1/agent/service/deregister/${this.name}`);
  }

  /** Waits until everybody sees it that way: `passing`, `critical`, or undefined when it is gone. */
  async isSeen(as: "passing" | "critical" | undefined): Promise<void> {
    await until(
      this.#bus,
      as ?? "gone from the catalogue",
      15,
      () => this.#status(),
      (status) => status === as,
    );
  }

  async #status(): Promise<string | undefined> {
    const entries = await this.#bus.consul.must<Entry[]>("GET", `/v1/health/service/${this.name}`);
    return entries[0]?.Checks.find(({ ServiceID }) => ServiceID === this.name)?.Status;
  }

  async #known(): Promise<boolean> {
    const services = await this.#bus.consul.must<Record<string, unknown>>("GET", "/v1/agent/services");
    return Object.hasOwn(services, this.name);
  }
}

export const consulSteps: Step[] = [
  {
    service: "consul",
    title: "an agent is registered, seen passing and failing, and gone",
    doors: ["consul.port"],
    run: async (bus) => {
      const agent = new Agent(bus, `${bus.name}-agent`);
      await agent.register();
      await agent.report("pass");
      await agent.isSeen("passing");
      await agent.report("fail");
      await agent.isSeen("critical");
      await agent.leave();
      await agent.isSeen(undefined);
      return undefined;
    },
  },
];
