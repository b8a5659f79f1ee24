// A program with nothing to do but to run one container, on an engine that says for a while that it still runs: see run.test.ts.
import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { runToEnd } from "../../../../components/engine/tasks/run.ts";

const stream = new PassThrough();
let asked = 0;
const container = {
  id: "id",
  start: async () => void stream.resume().end(),
  inspect: async () => {
    asked += 1;
    return { State: { Running: asked < 4, ExitCode: 0 } };
  },
  remove: async () => undefined,
};
const notThere = async () => Promise.reject(Object.assign(new Error("no such container"), { statusCode: 404 }));
const docker = {
  listContainers: async () => [],
  getContainer: () => ({ inspect: notThere }),
  createContainer: async () => container,
  modem: {
    dial: (_: object, done: (error: null, answer: PassThrough) => void) => done(null, stream),
    demuxStream: () => undefined,
  },
};

await runToEnd(docker as unknown as Docker, {
  container: { name: "task", image: "image" } as never,
  deadlineSeconds: 60,
  state: "state",
  limits: { memory: true, cpu: true, pids: true },
  say: () => undefined,
});
console.log(`ended, asked ${asked} times`);
