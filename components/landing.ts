// The landing page: one static page, no script, nothing from outside.
import type { StackConfig } from "./config.ts";
import { serviceNames } from "./constants.ts";

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

export function landingPage(config: StackConfig): string {
  const items = serviceNames.filter((name) => config.services[name]).map((name) => `    <li>${escapeHtml(name)}</li>`);
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(config.prefix)}</title>
  <link rel="stylesheet" href="/style.css">
</head>
<body>
  <h1>${escapeHtml(config.prefix)}</h1>
  <ul>
${items.join("\n")}
  </ul>
</body>
</html>
`;
}

export const landingStyle = `:root { color-scheme: light dark; font-family: system-ui, sans-serif; }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
`;
