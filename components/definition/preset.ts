// Apps that are a service of the stack once more (`ServiceDefinition.preset`): their names. Pure.
import type { Client } from "./clients.ts";

/** Such an app, with the names of its own secrets. */
export type Own = Client;

/** No service is called `app`, so no credential at a service has a name that begins like this. */
const secretName = (app: string, role: string) => `app-${app}-${role}`;

/** An app as the owner of its own secrets. */
export const ownOf = (name: string, app: Client["app"]): Own => ({
  name,
  app,
  secret: (role) => secretName(name, role),
});

const mark = "apps";

/** A reference to what such an app offers: `apps.queue.url`. */
export const referenceToApp = (name: string, offer: string) => `${mark}.${name}.${offer}`;

/** The app that a reference is about, if it is about one. */
export function appIn(reference: string): string | undefined {
  const [first, name] = reference.split(".");
  return first === mark ? name : undefined;
}
