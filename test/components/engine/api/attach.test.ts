import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { expect, it } from "vitest";
import { attach } from "../../../../components/engine/api/attach.ts";

it("nothing comes before what is written to the container: Podman takes a body for the beginning of it", async () => {
  const socketPath = join(mkdtempSync(join(tmpdir(), "xnai-attach-")), "docker.sock");
  let got = "";
  const server = createServer((socket) => {
    socket.on("data", (chunk) => {
      const answered = got.includes("\r\n\r\n");
      got += chunk;
      if (!answered && got.includes("\r\n\r\n"))
        socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nfirst words");
      if (got.endsWith("input")) socket.end();
    });
  }).listen(socketPath);
  await once(server, "listening");
  const stream = await attach(new Docker({ socketPath }), "lab_task", { stdin: true });
  stream.write("the input");
  let said = "";
  for await (const chunk of stream) said += chunk;
  server.close();
  expect(got).toMatch(/^POST \/containers\/lab_task\/attach\?stream=true&stdout=true&stderr=true&stdin=true HTTP/);
  expect(got.slice(got.indexOf("\r\n\r\n") + 4)).toBe("the input");
  expect(said).toBe("first words");
});
