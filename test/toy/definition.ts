// A service that does nearly nothing, to see that its definition is all that it takes: busybox serves one page. A test
// adds it to components/services.ts of a clone.
import { z } from "zod";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { hostAddress } from "../../components/definition/binding.ts";
import { linkTo, onThisMachine } from "../../components/definition/presentation.ts";
import { secretItself } from "../../components/definition/secret.ts";
import { configPath, type ServiceDefinition } from "../../components/definition/service.ts";

const published = { name: "toy", ports: { port: { container: 8099, host: 8099 } } };

const toyKeys = z.strictObject({
  greeting: z.string().default("hello").describe("What the toy says"),
});

/** Its own keys, of a configuration whose type does not know them. */
const own = (config: StackConfig) => toyKeys.parse((config as Record<string, unknown>).toy);

export const toy: ServiceDefinition = {
  ...published,
  type: "xnai:index:Toy",
  image: { hub: "example/toy:1.37.0@sha256:5cec3fc171c87218698e85a52af7087de727372aae264a787b8112901a5b0092" },
  keys: toyKeys,
  secrets: { toyKey: {} },
  data: { data: "/toy" },
  files: (config) => ({ "www/index.html": `${own(config).greeting}\n`, key: secretItself("toyKey") }),
  container: () => ({
    command: ["httpd", "-f", "-p", "8099", "-h", `${configPath}/www`],
    networks: { main: "toy" },
    health: { test: ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8099/"] },
    stopGraceSeconds: 5,
    limits: { memoryMiB: 32, cpus: 0.5 },
  }),
  outputs: (config) => [
    { name: "toyAddress", title: "address", value: hostAddress(config, published) },
    { name: "toyKey", title: "key", value: secretItself("toyKey") },
  ],
  card: (config) => ({
    title: "Toy",
    what: "Says one thing.",
    places: [["Containers", "toy:8099"], ...onThisMachine(hostAddress(config, published))],
    links: linkTo("Open the toy", hostAddress(config, published), "/", true),
  }),
  catalogueEntry: () => ({ address: "toy", port: 8099, check: { tcp: "toy:8099" } }),
};
