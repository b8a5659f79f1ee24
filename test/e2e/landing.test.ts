// The landing page as the front door serves it, in a real browser.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noBrowser, startBrowser } from "../support/browser.ts";
import { TestStack } from "../support/stack.ts";

const prefix = "e2e-landing";
const port = 18540;
const door = `http://127.0.0.1:${port}`;

let stack: TestStack;
let browser: Browser | undefined;

/** A picture to look at, in the folder that XNAI_TEST_SHOTS names. */
async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.XNAI_TEST_SHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

beforeAll(async () => {
  stack = await TestStack.create(prefix, {
    services: { vikunja: false, postgres: false, qdrant: false, redis: false },
    exposure: { caddy: { port }, consul: { port: 18541 } },
  });
  await stack.mustUp();
  if (!noBrowser) browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await stack?.close();
});

describe.skipIf(noBrowser)("the landing page", () => {
  it.each([
    ["a phone", { width: 360, height: 740 }, "light"],
    ["a phone", { width: 360, height: 740 }, "dark"],
    ["a desktop", { width: 1280, height: 800 }, "light"],
    ["a desktop", { width: 1280, height: 800 }, "dark"],
  ] as const)(
    "on %s %j, %s: asks only its own origin, breaks no rule of its policy, fits",
    async (_, viewport, colorScheme) => {
      const context = await browser?.newContext({ viewport, colorScheme, javaScriptEnabled: true });
      const page = await context?.newPage();
      if (!page) throw new Error("no page");
      const requests: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      page.on("response", (response) => response.ok() || complaints.push(`${response.status()} ${response.url()}`));
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      const answer = await page.goto(`${door}/`, { waitUntil: "networkidle" });
      expect(answer?.headers()["content-security-policy"]).toContain("default-src 'none'");
      expect(new Set(requests)).toEqual(new Set([`${door}/`, `${door}/icon.svg`, `${door}/style.css`]));
      expect(complaints).toEqual([]);
      const width = await page.evaluate("document.documentElement.scrollWidth");
      expect(width, "nothing to scroll sideways").toBeLessThanOrEqual(viewport.width);
      const red = async (property: string) =>
        Number(`${await page.evaluate(`getComputedStyle(document.body).${property}`)}`.match(/\d+/)?.[0]);
      expect((await red("backgroundColor")) < (await red("color")), "light on dark").toBe(colorScheme === "dark");
      await shot(page, `landing-${viewport.width}-${colorScheme}`);
      await context?.close();
    },
  );

  it("says everything without script", async () => {
    const context = await browser?.newContext({ javaScriptEnabled: false });
    const page = await context?.newPage();
    await page?.goto(`${door}/`);
    expect(await page?.locator("h3").allTextContents()).toEqual(["Consul", "/api", "/chainlit"]);
    const links = await page?.locator("a").evaluateAll((all) => all.map((item) => item.getAttribute("href")));
    expect(links).toEqual(["http://localhost:18541/ui/", "/api/", "/chainlit/"]);
    await context?.close();
  });

  it("cannot be framed, and would not run a script that somebody put into it", async () => {
    const context = await browser?.newContext();
    const page = await context?.newPage();
    if (!page) throw new Error("no page");
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.route(`${door}/`, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace("</body>", "<script>document.title = 'taken'</script></body>");
      await route.fulfill({ response: answer, body });
    });
    await page.goto(`${door}/`);
    expect(await page.title()).toBe(prefix);
    expect(complaints.join()).toContain("Content Security Policy");
    await context?.close();
  });

  it("leads to Consul's own pages, which work", async () => {
    const context = await browser?.newContext();
    const page = await context?.newPage();
    if (!page) throw new Error("no page");
    await page.goto(`${door}/`);
    await page.getByText("Open Consul").click();
    await page.waitForURL(/\/ui\//);
    const { consulViewerToken } = await stack.outputs();
    const login = JSON.stringify({ SecretID: consulViewerToken, AccessorID: "viewer" });
    await page.evaluate(`localStorage.setItem("consul:token", ${JSON.stringify(login)})`);
    await page.goto("http://localhost:18541/ui/dc1/services");
    await page.getByText("caddy", { exact: true }).first().waitFor();
    await shot(page, "consul");
    await context?.close();
  });
});
