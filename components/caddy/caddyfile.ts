// The Caddyfile, rendered from routes as data. Pure; every value comes from a checked configuration.

import { configPath } from "../definition/service.ts";
import { bodyLimit, bodyLimitElsewhere, type Limited, usualBodyLimit } from "./body-limit.ts";
import { indent, quoted, upstream } from "./caddyfile-text.ts";
import type { Route } from "./config.ts";
import { fileServer, type SiteRoute } from "./files.ts";
import { frontPort } from "./front-door.ts";
import { type VikunjaSite, vikunjaRoutes, wholeVikunja } from "./vikunja-routes.ts";

/** What the Caddyfile is made from. */
export interface CaddySite {
  routes: (Route & Limited)[];
  /** Host name -> upstream that everything under it goes to. */
  hostRoutes: ({ host: string; upstream: string } & Limited)[];
  /** Files that Caddy serves itself. */
  sites: SiteRoute[];
  /** Response header -> value. */
  headers: Record<string, string>;
  /** `internal`: HTTPS with a certificate from Caddy's own authority. */
  tls: "off" | "internal";
  vikunja: VikunjaSite;
  /** Names and addresses that a browser may ask for; with TLS a certificate is made for each. */
  hosts: string[];
  /** Names that other containers use. */
  containerHosts: string[];
}

/** Plain HTTP inside the container only: for the health check, whatever the front door speaks. */
export const healthPort = 8081;

/** Nothing but the page's own styles and icon: the landing page needs no more. */
const landingPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Below = Extract<SiteRoute, { path: string }>;
type Under = Extract<SiteRoute, { host: string }>;

/** One route: the path itself and everything below it, and nothing that merely begins alike (`/apix`). */
function route(of: (Route & Limited) | Below, index: number, limit: string): string {
  const { path } = of;
  const strip = "stripPrefix" in of && of.stripPrefix ? `\turi strip_prefix ${path}\n` : "";
  const answer = "files" in of ? fileServer(of.files, path) : upstream(of.upstream);
  return `@route${index} path ${path} ${path}/*
handle @route${index} {
${limit}${strip}${indent(answer)}
}`;
}

/** A name that is one service's alone. */
const hostRoute = (
  of: CaddySite["hostRoutes"][number] | Under,
  index: number,
  limit: string,
) => `@host${index} host ${of.host}
handle @host${index} {
${limit}${indent("files" in of ? fileServer(of.files) : upstream(of.upstream))}
}`;

/** With `auto_https off` no certificate would be made, not even by Caddy's own authority. */
const globalOptions = (tls: CaddySite["tls"]) => `{
	admin off
	persist_config off
	auto_https ${tls === "internal" ? "disable_redirects" : "off"}
	ocsp_stapling off
	storage_clean_interval off
	skip_install_trust
	grace_period 10s
	servers {
		protocols h1 h2
		max_header_size 64KB
		timeouts {
			read_header 10s
			idle 2m
		}
	}
	log default {
		output stdout
		format json
	}
}`;

/** Query strings may carry tokens and headers carry cookies: neither is logged. */
const accessLog = `log {
	output stdout
	format filter {
		request>uri regexp \\?.* ?...
		request>headers delete
		resp_headers delete
		wrap json
	}
}`;

/**
 * A name that is not ours in a request to us is somebody's page in the user's browser, which has made its own name point
 * here (DNS rebinding). An address cannot be made to do that.
 */
function strangers({ hosts, containerHosts }: CaddySite) {
  const names = [...hosts, ...containerHosts].filter((host) => /[a-z]/.test(host) && !host.startsWith("["));
  const known = names.map((host) => host.replaceAll(".", "\\."));
  return `@stranger not header_regexp Host (?i)^(${known.join("|")}|[0-9.]+|\\[[0-9a-f:.]+\\])(:[0-9]+)?$
handle @stranger {
	error 421
}`;
}

/**
 * No client that means well sends these: browsers resolve dot segments, `uri strip_prefix` does not find its prefix behind
 * several slashes, and a protocol other than WebSocket in the same connection would pass every rule here by.
 */
const tricks = `@path vars_regexp {http.request.uri.path} ^//|(^|[/\\\\])\\.\\.?([/\\\\]|$)
handle @path {
	error 400
}

@upgrade {
	header Upgrade *
	not header_regexp Upgrade (?i)^websocket$
}
handle @upgrade {
	error 400
}`;

/** Error answers are made apart from the others, so the headers are set here again. */
const errors = (headers: string) => `handle_errors {
${indent(headers)}
	header Content-Type "text/plain; charset=utf-8"
	header Cache-Control no-store
	@upstream expression \`{err.status_code} in [502, 503, 504]\`
	handle @upstream {
		respond "{err.status_code}: the service behind this address is not running. It is served as soon as its container is on the network." {err.status_code}
	}
	@stranger expression \`{err.status_code} == 421\`
	handle @stranger {
		respond "421: this stack does not answer to that name. If it should, add the name to caddy.hosts." 421
	}
	handle {
		respond "{err.status_code} {err.status_text}" {err.status_code}
	}
}`;

/** What a site answers to at a port of the container. */
const addresses = ({ tls, hosts }: CaddySite, port: number) =>
  (tls === "internal" ? hosts.map((host) => `https://${host}:${port}`) : [`http://:${port}`]).join(", ");

export function caddyfile(site: CaddySite): string {
  const lines = Object.entries(site.headers).map(([name, value]) => `\t${name} ${quoted(value)}`);
  const headers = `header {\n${["\t-Server", ...lines].join("\n")}\n}`;
  const own = bodyLimit(site);
  const below = site.sites.filter((each): each is Below => "path" in each);
  const under = site.sites.filter((each): each is Under => "host" in each);
  const first = [headers, strangers(site), tricks];
  const inOrder = [
    ...first,
    bodyLimitElsewhere(site),
    ...[...site.hostRoutes, ...under].map((each, index) => hostRoute(each, index, own(each))),
    ...vikunjaRoutes(site.vikunja),
    "handle /healthz {\n\trespond ok 200\n}",
    // The longer path first: Caddy takes the first that fits.
    ...[...site.routes, ...below]
      .toSorted((a, b) => b.path.length - a.path.length)
      .map((each, index) => route(each, index, own(each))),
    `@landing path / /style.css /icon.svg
handle @landing {
	header Content-Security-Policy ${quoted(landingPolicy)}
	header Cache-Control no-cache
	root * ${configPath}/site
	file_server
}`,
    "handle {\n\terror 404\n}",
  ];
  // In a route block things happen in the order in which they are written; elsewhere Caddy has an order of its own.
  const block = (port: number, routes: string[]) => {
    const body = [
      ...(site.tls === "internal" ? ["tls internal"] : []),
      accessLog,
      `route {\n${indent(routes.join("\n\n"))}\n}`,
      errors(headers),
    ];
    return `${addresses(site, port)} {\n${indent(body.join("\n\n"))}\n}`;
  };
  const { ownPort } = site.vikunja;
  return [
    globalOptions(site.tls),
    `http://127.0.0.1:${healthPort} {\n\tbind 127.0.0.1\n\trespond /healthz ok 200\n}`,
    block(frontPort, inOrder),
    ...(ownPort ? [block(ownPort, [...first, usualBodyLimit, wholeVikunja(site.vikunja)])] : []),
    "",
  ].join("\n\n");
}
