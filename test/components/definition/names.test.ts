// The names on the engine, word for word: data and URNs of stacks that are up hang on them.
import { expect, it } from "vitest";
import {
  clientName,
  clientTaskName,
  configVolume,
  containerName,
  joinedName,
  networkNames,
  prepareTaskName,
  readyName,
  setupTaskName,
  taskContainerName,
  volumeName,
} from "../../../components/definition/names.ts";

const redis = { name: "redis" };
const postgres = { name: "postgres", containerSuffix: "vikunja_db" };

it("containers are named after the service, or after what it says instead", () => {
  expect(containerName("lab", redis)).toBe("lab_redis");
  expect(containerName("lab", postgres)).toBe("lab_vikunja_db");
});

it("tasks are named after the container, with hyphens as resources and underscores as containers", () => {
  expect(prepareTaskName(redis)).toBe("redis-prepare");
  expect(prepareTaskName(postgres)).toBe("vikunja-db-prepare");
  expect(setupTaskName(postgres)).toBe("vikunja-db-setup");
  expect(clientName(taskContainerName("lab", "vikunja-user"))).toBe("lab_vikunja_user_client");
  expect(taskContainerName("lab", prepareTaskName(postgres))).toBe("lab_vikunja_db_prepare");
});

it("readiness is named after the container too", () => {
  expect(readyName(postgres)).toBe("vikunja-db-ready");
});

it("volumes are named after the service, whatever its container is called", () => {
  expect(volumeName("lab", postgres.name, "data")).toBe("lab_postgres_data");
  expect(volumeName("lab", redis.name, configVolume)).toBe("lab_redis_config");
});

it("what a service does for apps is named after both", () => {
  expect(joinedName(postgres, "databases")).toBe("vikunja-db-joins-databases");
  expect(clientTaskName(postgres, "rag_api")).toBe("postgres-for-rag-api");
});

it("networks have the prefix of the stack", () => {
  expect(Object.values(networkNames("lab"))).toEqual([
    "lab_network",
    "lab_web",
    "lab_db",
    "lab_egress",
    "lab_databases",
  ]);
});
