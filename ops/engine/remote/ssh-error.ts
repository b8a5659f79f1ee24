// What ssh says when it cannot lead to an engine, in plain words, and what to do about it. Pure.
import { EngineError } from "../../../lib/engine/connection-error.ts";
import { type SshHost, sshWords } from "../../../lib/engine/ssh-host.ts";

/** In this order: the first that fits is the cause. Sentences of OpenSSH 7 to 10. */
const causes: readonly [RegExp, (ssh: SshHost, found: RegExpExecArray) => [what: string, fix: string]][] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    ({ destination, port }) => [
      `The host key of ${destination} is not the one that this machine knows: it was set up anew, or somebody answers in its place.`,
      `Ask whoever runs that machine. If the key was changed on purpose: ssh-keygen -R ${knownAs(destination, port)}, then log in once by hand and compare the new one.`,
    ],
  ],
  [
    /Host key verification failed/,
    (ssh) => [
      `This machine does not know the host key of ${ssh.destination}.`,
      `Log in once by hand and compare the fingerprint that it shows: ssh ${sshWords(ssh)}`,
    ],
  ],
  [
    /Permission denied \(([^)]*)\)|Too many authentication failures/,
    (ssh, [, ways]) => [
      `${ssh.destination} accepts none of your ssh keys${ways ? ` (it takes: ${ways.replaceAll(",", ", ")})` : ""}.`,
      `Nothing can be typed here, so a key without a question is needed: ssh-copy-id ${sshWords(ssh)}, or ssh-add for a key with a passphrase. Then try: ssh -o BatchMode=yes ${sshWords(ssh)} true`,
    ],
  ],
  [
    /Could not resolve hostname (\S+): (.*)/,
    (_, [, name]) => [
      `The machine ${name} is not known by that name.`,
      "Check the name in the engine's address, or add it to ~/.ssh/config.",
    ],
  ],
  [
    /(?:Connection refused|timed out|No route to host|Network is unreachable)/,
    (ssh, [how]) => [
      `No ssh server answers at ${ssh.destination}${ssh.port ? `, port ${ssh.port}` : ""}: ${how?.toLowerCase()}.`,
      `Check the address and whether that machine is on: ssh ${sshWords(ssh)}`,
    ],
  ],
  [
    // The server says the same of both.
    /open failed: (?:connect failed|administratively prohibited)/,
    ({ destination }) => [
      `Nothing listens on the engine's socket on ${destination}, or its ssh server does not let sockets through.`,
      "Look at the engine there (docker version), and at sshd_config: AllowStreamLocalForwarding yes, no DisableForwarding, no restrict for your key.",
    ],
  ],
];

/** How a machine is written in known_hosts, for a shell. */
function knownAs(destination: string, port: string | undefined): string {
  const host = destination.slice(destination.lastIndexOf("@") + 1);
  return port === undefined || port === "22" ? host : `'[${host}]:${port}'`;
}

/** @param said what ssh printed on its standard error */
export function sshError(ssh: SshHost, said: string): EngineError {
  for (const [sentence, means] of causes) {
    const found = sentence.exec(said);
    if (!found) continue;
    const [what, fix] = means(ssh, found);
    return new EngineError("unanswered", what, `${fix} Nothing was changed.`);
  }
  const last = said.trim().split("\n").at(-1) ?? "";
  return new EngineError(
    "unanswered",
    `ssh does not lead to ${ssh.destination}${last ? `: ${last}` : "."}`,
    `Try it by hand: ssh -o BatchMode=yes ${sshWords(ssh)} true. Nothing was changed.`,
  );
}
