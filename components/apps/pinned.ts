// What has to be known of an app's image before the app can be made. Pure.

import { exitCode, XnaiError } from "../../lib/errors.ts";
import type { StackConfig } from "../config/keys/base.ts";
import { lockFile, type Pinned } from "./lock.ts";

/** @throws XnaiError (usage) for images that the lock file does not know, or whose volumes would be lost */
export function checkPinned(config: StackConfig, stack: string): void {
  const problems = Object.entries(config.apps).flatMap(([name, app]) => {
    if (app.image === undefined) return [];
    if (!app.pinned) return [`apps.${name}.image is ${app.image}, which ${lockFile(stack)} does not know yet`];
    return uncovered(app, app.pinned).map(
      (path) =>
        `apps.${name} leaves out ${path}, which its image declares as a volume: name it under apps.${name}.data (kept) or apps.${name}.writable (gone with each start)`,
    );
  });
  if (problems.length === 0) return;
  throw new XnaiError(
    exitCode.usage,
    problems.join("\n"),
    "Nothing was changed. npm run up looks at images and writes what they are into that file, which belongs beside the configuration in git.",
  );
}

/** Volumes of the image for which the engine would make one without a name, at each replacement another. */
function uncovered({ data, writable, mounts }: StackConfig["apps"][string], { volumes }: Pinned): string[] {
  const places = [
    "/tmp",
    ...Object.values(data),
    ...writable.map((each) => (typeof each === "string" ? each : each.path)),
    ...mounts.map(({ path }) => path),
  ];
  return volumes.filter((path) => !places.includes(path.replace(/\/$/, "")));
}
