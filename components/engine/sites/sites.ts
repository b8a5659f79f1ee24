// Copies the sites of a stack to where the front door serves them. It reads them where they are: neither they nor the routes to
// them restart it.
import type * as pulumi from "@pulumi/pulumi";
import { scriptCommand } from "../../../lib/shell.ts";
import { filesOfSites, hashOfFiles } from "../../apps/site-files.ts";
import { ownerOf } from "../../config/keys/base.ts";
import { preparedPlaces } from "../../definition/names.ts";
import { sitePlace, sitesTaskName, sitesTitle } from "../../definition/sites.ts";
import { dataPlaces } from "../../names.ts";
import { definitionsOf } from "../../services.ts";
import { mount } from "../storage.ts";
import { follows, Marker } from "../tasks/marker.ts";
import { runToEnd } from "../tasks/run.ts";
import { type TaskContext, taskContainer } from "../tasks/task.ts";
import { siteArchive } from "./archive.ts";

/** Where the task sees the data of the service that serves them. */
const mountedAt = `${preparedPlaces}${sitePlace.part}`;

/** What it is made with. */
export interface SitesArgs extends TaskContext {
  /** Container of the service that serves them, and what is there once it answers. */
  container: pulumi.CustomResource;
  ready: pulumi.Resource;
}

/** The marker of sites that are where they are served. */
export class Sites extends Marker {
  constructor(args: SitesArgs, opts: pulumi.CustomResourceOptions) {
    const { config, engine, state, images, container: serving, ready } = args;
    const sites = filesOfSites(config);
    const names = Object.keys(sites);
    const { service, part, folder } = sitePlace;
    const definition = definitionsOf(config).filter(({ name }) => name === service);
    const [place = {}] = dataPlaces(config, definition).filter(({ path }) => path === definition[0]?.data?.[part]);
    const container = taskContainer(sitesTaskName, {
      ...args,
      title: sitesTitle,
      service,
      command: scriptCommand("sh", import.meta.dirname, "sites.sh", [`${mountedAt}/${folder}`, ...names]),
      run: { user: ownerOf(config, service) },
      volumes: [mount(place, mountedAt)],
    });
    super(
      sitesTaskName,
      {
        title: sitesTitle,
        keepers: {
          container: JSON.stringify(container),
          ...Object.fromEntries(names.map((name) => [`site ${name}`, hashOfFiles(sites[name] ?? [])])),
          follows: follows([serving]),
        },
        work: async (say) => {
          const deadlineSeconds = config.taskTimeoutSeconds;
          const { limits } = config.engine;
          const run = { container, files: siteArchive(sites), deadlineSeconds, state, limits, say };
          const lines = await runToEnd(engine, run);
          return [...lines, ...names.map((name) => `${name}: ${sites[name]?.length} files are where they are served`)];
        },
      },
      { ...opts, dependsOn: [ready, images.get("busybox").resource] },
    );
  }
}
