// Debian's Chromium, driven by Playwright.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const executablePath = process.env.XNAI_TEST_BROWSER ?? "/usr/bin/chromium";

/** Why tests with a browser cannot run here; undefined when they can. */
export const noBrowser = existsSync(executablePath)
  ? undefined
  : `not run: no ${executablePath} (apt-get install chromium, or set XNAI_TEST_BROWSER)`;
if (noBrowser) console.warn(noBrowser);

/** A browser that asks nobody but the pages it is sent to. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
