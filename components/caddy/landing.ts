// The landing page: what runs here, where it is and what it is for. One static page, no script, nothing from outside.
import { published, publishedGrpc, vikunjaPage } from "../addresses.ts";
import type { StackConfig } from "../config/schema.ts";
import type { ServiceName } from "../constants.ts";

interface Link {
  text: string;
  href: string;
}

/** One service or route on the page. */
export interface Card {
  title: string;
  what: string;
  /** For whom, and where it answers: other programs need it. */
  places: [label: string, address: string][];
  links: Link[];
}

/** The services that a person or another program talks to, those with pages of their own first. */
const cards: Partial<Record<ServiceName, (config: StackConfig) => Card>> = {
  vikunja: (config) => ({
    title: "Vikunja",
    what: "Tasks and projects.",
    places: [["API", "/vikunja/api/v1/"]],
    links: [{ text: "Open Vikunja", href: vikunjaPage(config) }],
  }),
  qdrant: (config) => ({
    title: "Qdrant",
    what: "Vectors for search. Needs an API key.",
    places: [
      ["Containers", "qdrant:6333, gRPC qdrant:6334"],
      ...here(published(config, "qdrant") && `${published(config, "qdrant")}, gRPC ${publishedGrpc(config)}`),
    ],
    links: pages("Open the dashboard", published(config, "qdrant"), config.qdrant.dashboard, "/dashboard"),
  }),
  consul: (config) => ({
    title: "Consul",
    what: "Who runs where, and how they are. Shows nothing without a token.",
    places: [["Containers", "consul:8500"], ...here(published(config, "consul"))],
    links: pages("Open Consul", published(config, "consul"), config.consul.ui, "/ui/"),
  }),
  redis: (config) => ({
    title: "Redis",
    what: "The bus between agents. Needs a password.",
    places: [["Containers", "redis:6379"], ...here(published(config, "redis"))],
    links: [],
  }),
};

const here = (host: string | undefined): Card["places"] => (host ? [["This machine", host]] : []);
const pages = (text: string, host: string | undefined, served: boolean, path: string): Link[] =>
  host && served ? [{ text, href: `http://${host}${path}` }] : [];

/** What is on. */
export const serviceCards = (config: StackConfig): Card[] =>
  Object.entries(cards).flatMap(([name, card]) => (config.services[name as ServiceName] ? [card(config)] : []));

/** The user's own containers behind the front door. */
export const routeCards = ({ caddy }: StackConfig): Card[] =>
  caddy.routes.map(({ path, upstream }) => ({
    title: path,
    what: "A container of yours. Answers 502 until it runs on the stack's network.",
    places: [["Container", upstream]],
    links: [{ text: `Open ${path}/`, href: `${path}/` }],
  }));

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

function cardHtml({ title, what, places, links }: Card): string {
  const rows = places.map(([label, address]) => `<dt>${label}</dt><dd><code>${escapeHtml(address)}</code></dd>`);
  const anchors = links.map(({ text, href }) => `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`).join(" ");
  return `      <li class="card">
        <h3>${escapeHtml(title)}</h3>
        <p>${escapeHtml(what)}</p>
        <dl>${rows.join("")}</dl>
${anchors ? `        <p class="links">${anchors}</p>\n` : ""}      </li>`;
}

function section(title: string, content: Card[]): string {
  if (content.length === 0) return "";
  return `    <h2>${title}</h2>
    <ul class="cards">
${content.map(cardHtml).join("\n")}
    </ul>
`;
}

export function landingPage(config: StackConfig): string {
  const name = escapeHtml(config.prefix);
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${name}</title>
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/style.css">
</head>
<body>
  <header>
    <img src="/icon.svg" alt="" width="40" height="40">
    <div>
      <h1>${name}</h1>
      <p>A private stack on this machine.</p>
    </div>
  </header>
  <main>
${section("Services", serviceCards(config))}${section("Your routes", routeCards(config))}  </main>
  <footer>
    <p>Containers reach the stack on the network <code>${name}_network</code>.</p>
    <p>Passwords and tokens: <code>npm run credentials</code></p>
  </footer>
</body>
</html>
`;
}
