// Sites: static files of the user's that the front door serves without a container. Pure.
import type { StackConfig } from "../config/keys/base.ts";

/** One site. */
export interface Site {
  /** Name of the app. */
  name: string;
  /** As the configuration says it: below the project's folder, or an absolute path. */
  folder: string;
  route: StackConfig["apps"][string]["route"];
}

/** Where they lie: in a part of the data of the service that serves them, so that nothing has to be mounted for the first one. */
export const sitePlace = { service: "caddy", part: "data", folder: "sites" };

/** Resource of the task that copies them there. */
export const sitesTaskName = "caddy-setup";
export const sitesTitle = "copying sites";

/** The sites of a stack. */
export const sitesOf = ({ apps }: StackConfig): Site[] =>
  Object.entries(apps).flatMap(([name, { site, route }]) =>
    site === undefined ? [] : [{ name, folder: site, route }],
  );
