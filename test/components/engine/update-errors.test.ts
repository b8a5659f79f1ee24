import { expect, it } from "vitest";
import { advice, meaning } from "../../../components/engine/update-errors.ts";

it.each([
  "runc did not terminate successfully: exit status 1: unable to set memory limit to 16777216 (current usage: 26386432)",
  "failed to write 16777216 to /sys/fs/cgroup/docker/1/memory.max: device or resource busy",
])("a limit below what is in use gets the key to set and the command to run: %s", (error) => {
  expect(advice(error, "consul", 16)).toMatch(
    /^consul uses more memory .* than the 16 MiB .*\nSet resources\.consul\.memoryMiB to more, .*npm run up -- --repair consul$/,
  );
});

it("errors that say it themselves are left alone", () => {
  expect(advice("port is already allocated", "caddy", 256)).toBeUndefined();
});

it("what the table of refusals knows is told below Pulumi's words, and nothing is said of the rest", () => {
  expect(meaning("Unable to create network: could not find an available, non-overlapping IPv4 address pool")).toMatch(
    /^That means: the engine has no range of addresses left.*\.\nRemove networks/,
  );
  expect(meaning("No such container: 1234: provider=docker@5.2.0")).toBeUndefined();
});
