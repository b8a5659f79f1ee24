import { describe, expect, it } from "vitest";
import { productOf } from "../../../policies/facts/products.ts";
import { settings } from "../../../policies/settings.ts";

describe("the product of an image", () => {
  it.each([
    ["qdrant/qdrant:v1.19.1@sha256:00", "qdrant"],
    ["ghcr.io/qdrant/qdrant/qdrant:v1", "qdrant"],
    ["redis", "redis"],
    ["docker.io/library/redis:8", "redis"],
    ["valkey/valkey:9", "redis"],
    ["xnai.local/postgres:15-0123456789ab", "postgres"],
    ["hashicorp/consul:1.15.4", "consul"],
    ["xnai_chainlit_ui:latest", "chainlit"],
    ["mcr.microsoft.com/dotnet/sdk:9.0", "dotnet"],
    ["my/redis-exporter", undefined],
    ["notqdrant", undefined],
    ["", undefined],
  ])("%s is %s", (image, id) => expect(productOf(image, settings.parse({}))?.id).toBe(id));
});
