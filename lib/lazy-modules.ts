// @pulumi/pulumi loads as soon as it is loaded itself what it rarely uses: npm's own library and TypeScript, for functions that
// go to a cloud, and OpenTelemetry, for `--tracing`. That is more than half of the time that the SDK takes to load. Here each is
// loaded when something of it is used. Run before the SDK is loaded: by Pulumi.yaml for the program, by PulumiPolicy.yaml for
// the pack.
import "./lazy-engine-client.ts";
import { postpone } from "./postponed.ts";

postpone("@pulumi/pulumi", {
  "@npmcli/arborist": [],
  typescript: [],
  "@opentelemetry/resources": ["defaultResource", "resourceFromAttributes"],
  "@opentelemetry/sdk-trace-base": ["SimpleSpanProcessor"],
  "@opentelemetry/sdk-trace-node": ["NodeTracerProvider"],
  "@opentelemetry/exporter-zipkin": ["ZipkinExporter"],
  "@opentelemetry/instrumentation-grpc": ["GrpcInstrumentation"],
  "@opentelemetry/instrumentation": ["registerInstrumentations"],
});
