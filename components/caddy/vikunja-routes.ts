// Vikunja behind Caddy: its API under a path of the front door, its pages under a host name of their own. Pure.
import { indent, quoted, upstream } from "./caddyfile-text.ts";

/** What the routes are rendered from. */
export interface VikunjaSite {
  /** Without a port. */
  host: string;
  /** Where a browser that asks for the pages under the front door's path is sent, with a slash at the end. */
  page: string;
  /** Port inside the container where every name leads to the pages. @default none */
  ownPort?: number | undefined;
  tls: boolean;
  /** Hashes of inline scripts over the ones known here. */
  scriptHashes: string[];
}

/**
 * The inline scripts of the page of Vikunja 2.5.0, as the settings of this stack make it: where the API is (the same host,
 * because no public URL is set), and Sentry switched off, with and without the address that it would have. Anything
 * else that stands in the page does not run.
 */
export const knownScriptHashes = [
  "sha256-ofuc7UT6vX2R88md34HIGz3piADHr0aGjqxyAK1+nCs=",
  "sha256-AIkQ8qPPLxCMcYonbC17Gy+FuUqK9HoCpJ+OHg5JOoU=",
  "sha256-Xq3m5hK5c08FwxgZ7RlkBY5pL2H6lPuXdHLe9mYk0Po=",
];

/** What the pages may load and run: nothing from elsewhere. Inline styles cannot be told from each other by hash. */
export function contentSecurityPolicy(scriptHashes: string[]): string {
  const scripts = [...new Set([...knownScriptHashes, ...scriptHashes])].map((hash) => `'${hash}'`).join(" ");
  return [
    "default-src 'none'",
    `script-src 'self' ${scripts}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "media-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; ");
}

/** Of answers of the API that a browser is made to show as a page, such as an uploaded file. */
const apiPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Pages for developers, without login, that name hosts outside. */
const docs = ["/api/v1/docs*", "/api/v2/docs*"];

const policy = (text: string) => `header {\n\tContent-Security-Policy ${quoted(text)}\n\tdefer\n}`;

// Vikunja marks its cookie so by itself only if it is told its public URL.
const proxyTo = (tls: boolean) => upstream("vikunja:3456", tls ? ['header_down Set-Cookie (.+) "$1; Secure"'] : []);

/** Everything of Vikunja, at the root: pages, API, CalDAV. */
export const wholeVikunja = ({ tls, scriptHashes }: VikunjaSite) => `@docs path ${docs.join(" ")}
error @docs 404
${policy(contentSecurityPolicy(scriptHashes))}
${proxyTo(tls)}`;

/** Blocks for a `route`, in this order: everything under Vikunja's own name, then what is under `/vikunja` elsewhere. */
export function vikunjaRoutes(site: VikunjaSite): string[] {
  const { host, page } = site;
  return [
    `@vikunjaHost host ${host}
handle @vikunjaHost {
${indent(wholeVikunja(site))}
}`,
    `@vikunjaDocs path ${docs.map((path) => `/vikunja${path}`).join(" ")}
handle @vikunjaDocs {
	error 404
}`,
    `@vikunjaApi path /vikunja/api/*
handle @vikunjaApi {
	uri strip_prefix /vikunja
${indent(policy(apiPolicy))}
${indent(proxyTo(site.tls))}
}`,
    // What CalDAV answers names paths from the root on.
    `@vikunjaDav path /vikunja/dav /vikunja/dav/* /vikunja/.well-known/*
handle @vikunjaDav {
	respond "404: calendars are at ${page}dav/" 404
}`,
    `@vikunjaUi {
	method GET HEAD
	path /vikunja /vikunja/*
}
handle @vikunjaUi {
	redir ${page} 302
}`,
  ];
}
