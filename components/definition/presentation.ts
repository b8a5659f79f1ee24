// How a service shows itself to people and to other programs: outputs of the stack, a card on the landing page, an entry
// in Consul's catalogue.
import type { StackConfig } from "../config/keys/base.ts";
import type { SecretText } from "./secret.ts";

/** One output of the stack (`pulumi stack output`), and the row of `xnai credentials` that shows it. */
export interface Output {
  /** Name of the output: part of what users build on, so never change it. */
  name: string;
  /** What it is, as `xnai credentials` calls it. @default not shown there */
  title?: string;
  /** Left out of the outputs when undefined. */
  value: string | SecretText | undefined;
}

/** A link on the landing page. */
export interface Link {
  text: string;
  href: string;
}

/** One service or route on the landing page. */
export interface Card {
  title: string;
  /** What it is for, in a sentence. */
  what: string;
  /** For whom, and where it answers: other programs need it. */
  places: [label: string, address: string][];
  links: Link[];
  /** Whether it has pages of its own: such cards come first. @default false */
  ownPages?: boolean;
}

/** A path of the front door, or a host name of its own, and the port of the container behind it. */
export type FrontRoute = ({ path: string; stripPrefix: boolean } | { host: string }) & {
  port: number;
  /** Largest body of a request, MiB. @default that of the front door */
  maxUploadMiB?: number;
};

/** Where programs on this machine find a service, as a card says it. */
export const onThisMachine = (address: string | undefined): Card["places"] =>
  address ? [["This machine", address]] : [];

/** A link to pages that a service serves on its published port. @param served whether it does */
export const linkTo = (text: string, address: string | undefined, path: string, served: boolean): Link[] =>
  address && served ? [{ text, href: `http://${address}${path}` }] : [];

/** How Consul asks whether a service is well: https://developer.hashicorp.com/consul/docs/services/usage/checks */
export interface Check {
  tcp?: string;
  http?: string;
  header?: Record<string, string[]>;
  tls_server_name?: string;
  tls_skip_verify?: boolean;
}

/** A service in Consul's catalogue, under the names that other containers on the network use. */
export interface CatalogueEntry {
  address: string;
  port: number;
  check: Check;
  meta?: Record<string, string>;
}

/** A service as the catalogue sees it. */
export interface Listed {
  name: string;
  /** Undefined when it cannot be reached. */
  catalogueEntry?: (config: StackConfig) => CatalogueEntry | undefined;
}
