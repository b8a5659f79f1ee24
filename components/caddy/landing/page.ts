// The landing page: what runs here, where it is and what it is for. One static page, no script, nothing from outside.
import type { StackConfig } from "../../config/keys/base.ts";
import type { Card } from "../../definition/presentation.ts";
import type { ServiceDefinition } from "../../definition/service.ts";
import { sitesOf } from "../../definition/sites.ts";
import { userRoutes } from "../app-routes.ts";

/** Cards of the services that are on, those with pages of their own first. */
export function serviceCards(config: StackConfig, services: readonly ServiceDefinition[]): Card[] {
  const cards = services.flatMap(({ name, card }) => (card && config.services[name] ? [card(config)] : []));
  return [...cards.filter(({ ownPages }) => ownPages), ...cards.filter(({ ownPages }) => !ownPages)];
}

/** The user's own containers behind the front door, but for apps, which have cards of their own. */
export const routeCards = (config: StackConfig, services: readonly ServiceDefinition[]): Card[] =>
  userRoutes(config, services).map(({ path, upstream }) => ({
    title: path,
    what: "A container of yours. Answers 502 until it runs on the stack's network.",
    places: [["Container", upstream]],
    links: [{ text: `Open ${path}/`, href: `${path}/` }],
  }));

/** Sites, which have no container. */
const siteCards = (config: StackConfig): Card[] =>
  sitesOf(config).flatMap(({ name, route }) => {
    const door = config.exposure.caddy;
    const href = route && ("path" in route ? `${route.path}/` : door && `//${route.host}:${door.port}/`);
    return [{ title: name, what: "A site of yours.", places: [], links: href ? [{ text: `Open ${name}`, href }] : [] }];
  });

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

/** index.html. */
export function landingPage(config: StackConfig, services: readonly ServiceDefinition[]): string {
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
${section("Services", [...serviceCards(config, services), ...siteCards(config)])}${section("Your routes", routeCards(config, services))}  </main>
  <footer>
    <p>Containers reach the stack on the network <code>${name}_network</code>.</p>
    <p>Passwords and tokens: <code>npm run credentials</code></p>
  </footer>
</body>
</html>
`;
}
