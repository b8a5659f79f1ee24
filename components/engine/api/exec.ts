// Runs commands inside a container: to ask a service how it is, and to speak to one that has no port on the host.
import { Duplex, PassThrough } from "node:stream";
import type Docker from "dockerode";
import { Output } from "./output.ts";

/** How a command in a container ended. */
export interface Ran {
  /** Undefined when it had not ended in time. */
  code: number | undefined;
  output: string;
}

/**
 * Runs a command as the container's user.
 * @param limitMilliseconds what it may take; the engine has no way to end it, so it is then left alone
 * @throws what the engine answers, such as 409 for a container that does not run
 */
export async function execIn(
  docker: Docker,
  container: Docker.Container,
  command: string[],
  limitMilliseconds: number,
): Promise<Ran> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  return ended(docker, exec, await exec.start({}), limitMilliseconds);
}

/**
 * Runs a command that reads a text: neither the engine nor anybody on the machine sees it. See `execIn` for the rest.
 * @param input has to make the command end: not every engine tells it that nothing more comes
 */
export async function execReading(
  docker: Docker,
  container: Docker.Container,
  { command, input }: { command: string[]; input: string },
  limitMilliseconds: number,
): Promise<Ran> {
  const exec = await container.exec({ Cmd: command, AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  stream.write(input);
  return ended(docker, exec, stream, limitMilliseconds);
}

async function ended(docker: Docker, exec: Docker.Exec, stream: Duplex, limitMilliseconds: number): Promise<Ran> {
  const output = (await new Output(docker, stream).text(limitMilliseconds)).trim();
  const { Running, ExitCode } = await exec.inspect();
  stream.destroy();
  return { code: Running ? undefined : (ExitCode ?? undefined), output };
}

/** A connection through a command that copies its standard input to it and what comes back to standard output, such as `nc`. */
export async function connectThrough(docker: Docker, container: Docker.Container, command: string[]): Promise<Duplex> {
  const exec = await container.exec({ Cmd: command, AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  const [answers, complaints] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, answers, complaints);
  complaints.resume();
  // Whoever uses the connection is told; here an error without a listener would end the program.
  for (const half of [stream, answers]) half.on("error", () => undefined);
  stream.once("end", () => answers.end());
  stream.once("close", () => answers.end());
  const connection = Duplex.from({ readable: answers, writable: stream });
  connection.once("close", () => stream.destroy());
  return connection;
}
