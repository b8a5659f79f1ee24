// Apps in a review: each change stands below the app that it belongs to, behind what comes with the stack.
import { expect, it } from "vitest";
import type { Change } from "../../../../ops/audit/review/changes.ts";
import { restarts, serviceOf } from "../../../../ops/audit/review/restarts.ts";
import { changeBlocks } from "../../../../ops/audit/review/sections.ts";
import type { PulumiResource } from "../../../../policies/facts/pulumi.ts";

const inside = "urn:pulumi:dev::xnai::xnai:index:Stack$xnai:index:";
const resource = (component: string, type: string, name: string, props: object = {}): PulumiResource =>
  ({
    type,
    name,
    urn: `${inside}${component}$xnai:index:Service$${type}::${name}`,
    props,
  }) as unknown as PulumiResource;

const container = (component: string, name: string, image: string) =>
  resource(component, "docker:index/container:Container", name, {
    image,
    labels: [{ label: "io.xnai.service", value: name }],
  });
const marker = resource("App", "random:index/randomUuid:RandomUuid", "rag-api-prepare", { keepers: {} });

it("knows whose a resource is", () => {
  expect(serviceOf(container("App", "rag_api", "a"))).toBe("rag-api");
  expect(serviceOf(marker)).toBe("rag-api");
  expect(serviceOf(container("Redis", "redis", "a"))).toBe("redis");
});

it("tells of services first, then of apps", () => {
  const replaced = (component: string, name: string): Change => ({
    before: container(component, name, "a"),
    after: container(component, name, "b"),
    fate: "replaced",
  });
  const changes = [replaced("App", "rag_api"), replaced("Redis", "redis")];
  expect(restarts(changes)).toEqual(["redis restarts", "rag_api restarts"]);
  const headings = changeBlocks(changes)
    .flat()
    .filter((line) => line.startsWith("####"));
  expect(headings).toEqual(["#### redis", "#### rag-api"]);
});
