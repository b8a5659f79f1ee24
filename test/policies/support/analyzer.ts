// Talks to the policy pack as the Pulumi engine does: the pack runs in a process of its own and serves gRPC. No engine
// and no CLI is needed; what the engine sends is built from the same wire format.
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import type { PulumiResource } from "../../../policies/facts/pulumi.ts";

const require = createRequire(import.meta.url);
const analyzer = require("@pulumi/pulumi/proto/analyzer_pb");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const struct = require("google-protobuf/google/protobuf/struct_pb");
const grpc = require("@grpc/grpc-js");

export interface Diagnostic {
  policy: string;
  message: string;
  level: "advisory" | "mandatory" | "disabled" | "remediate";
  urn: string;
}

const levels = ["advisory", "mandatory", "disabled", "remediate"] as const;

export class Analyzer {
  readonly #process: ChildProcess;
  /** Lines on standard error: what is exempt, and what is undecided. */
  readonly printed: string[] = [];
  // biome-ignore lint/suspicious/noExplicitAny: the generated gRPC client has no types
  #client: any;

  /** @param pack folder with the entry point @param main entry point */
  constructor(pack = resolve(import.meta.dirname, "../../../policies"), main = "index.ts") {
    this.#process = spawn(process.execPath, [resolve(pack, main)], { cwd: pack, stdio: ["ignore", "pipe", "pipe"] });
    this.#process.stderr?.on("data", (data: Buffer) => this.printed.push(...data.toString().trim().split("\n")));
  }

  async start(): Promise<void> {
    const port = await new Promise<string>((done, failed) => {
      this.#process.stdout?.once("data", (data: Buffer) => done(data.toString().trim()));
      this.#process.once("exit", (code) => failed(new Error(`the pack ended with code ${code}`)));
    });
    this.#client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  }

  stop(): void {
    this.#client?.close();
    this.#process.kill();
  }

  async info(): Promise<{ name: string; policies: { name: string; description: string }[] }> {
    const response = await this.#call(
      "getAnalyzerInfo",
      new (require("google-protobuf/google/protobuf/empty_pb").Empty)(),
    );
    const { name, policiesList } = response.toObject();
    return { name, policies: policiesList };
  }

  async configure(config: Record<string, { level: (typeof levels)[number]; properties?: object }>): Promise<void> {
    const request = new analyzer.ConfigureAnalyzerRequest();
    for (const [name, { level, properties }] of Object.entries(config)) {
      const policy = new analyzer.PolicyConfig();
      policy.setEnforcementlevel(levels.indexOf(level));
      policy.setProperties(struct.Struct.fromJavaScript(properties ?? {}));
      request.getPolicyconfigMap().set(name, policy);
    }
    await this.#call("configure", request);
  }

  async analyze(resource: PulumiResource): Promise<Diagnostic[]> {
    return diagnostics(await this.#call("analyze", this.#fill(new analyzer.AnalyzeRequest(), resource)));
  }

  /** What the engine does in a preview: every resource by itself, then all of them. */
  async preview(resources: PulumiResource[]): Promise<Diagnostic[]> {
    const found: Diagnostic[] = [];
    for (const each of resources) found.push(...(await this.analyze(each)));
    return [...found, ...(await this.analyzeStack(resources))];
  }

  async analyzeStack(resources: PulumiResource[]): Promise<Diagnostic[]> {
    const request = new analyzer.AnalyzeStackRequest();
    request.setResourcesList(resources.map((each) => this.#fill(new analyzer.AnalyzerResource(), each)));
    return diagnostics(await this.#call("analyzeStack", request));
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  #fill(message: any, resource: PulumiResource): any {
    const options = new analyzer.AnalyzerResourceOptions();
    options.setCustomtimeouts(new analyzer.AnalyzerResourceOptions.CustomTimeouts());
    options.setIgnorechangesList(resource.ignoreChanges ?? []);
    message.setType(resource.type);
    message.setUrn(resource.urn);
    message.setName(resource.name);
    message.setProperties(struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(resource.props))));
    message.setOptions(options);
    return message;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  #call(method: string, request: unknown): Promise<any> {
    return new Promise((done, failed) => {
      this.#client[method](request, (error: Error | null, response: unknown) =>
        error ? failed(error) : done(response),
      );
    });
  }
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function diagnostics(response: any): Diagnostic[] {
  return response.toObject().diagnosticsList.map((each: Record<string, unknown>) => ({
    policy: each.policyname,
    message: each.message,
    level: levels[each.enforcementlevel as number],
    urn: each.urn,
  }));
}
