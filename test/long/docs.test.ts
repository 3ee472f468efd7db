import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../helpers/project';
import { openBrowser } from '../plot/page';

const site = path.join(projectRoot, 'out/docs');
const types: Readonly<Record<string, string>> = {
  ...{ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' },
  ...{ '.png': 'image/png', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' },
};

/** Serves the built site as any static host does. */
function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = path.join(site, decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' });
    void readFile(file).then((bytes) => response.end(bytes));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** What the page says of itself; as text, because the types of tests have no DOM. */
const measurePage = `({
  wider: document.documentElement.scrollWidth - innerWidth,
  title: document.querySelector('h1')?.textContent ?? '',
  brokenPictures: [...document.images].filter((image) => image.complete && image.naturalWidth === 0).length,
  dark: document.documentElement.classList.contains('dark'),
})`;

interface Look {
  readonly wider: number;
  readonly title: string;
  readonly brokenPictures: number;
  readonly dark: boolean;
}

interface Visit {
  readonly page: Page;
  readonly faults: string[];
}

describe('the documentation', () => {
  let browser: Browser | undefined;
  let server: Server;
  let base: string;

  beforeAll(async () => {
    const build = spawn('npm', ['run', 'docs'], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [build.stdout, build.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    const code = await new Promise((resolve) => build.once('close', resolve));
    // A warning of TypeDoc or VitePress, a dead link or a dead anchor ends it.
    expect(code, output).toBe(0);
    server = await serve();
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function visit(context: BrowserContext, file: string): Promise<Visit> {
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => {
      if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(base))
        faults.push(`loads ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${base}/${file}`, { waitUntil: 'networkidle' });
    return { page, faults };
  }

  const pages = (): string[] =>
    readdirSync(site, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.html') && name !== '404.html');

  test.for([
    ['wide and light', 1280, 'light'],
    ['wide and dark', 1280, 'dark'],
    ['narrow and light', 390, 'light'],
    ['narrow and dark', 390, 'dark'],
  ] as const)('every page opens %s, without a fault, and fits', async ([, width, colorScheme], { skip }) => {
    if (browser === undefined) return skip();
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    // Pages of the API are alike: one of each topic.
    const topics = new Set<string>();
    const chosen = pages().filter((name) => {
      const topic = path.dirname(name);
      if (!name.startsWith('api/') || topic === 'api') return true;
      return !topics.has(topic) && topics.add(topic) !== undefined;
    });
    expect(chosen.length).toBeGreaterThan(30);
    for (const name of chosen) {
      const { page, faults } = await visit(context, name);
      const look = (await page.evaluate(measurePage)) as Look;
      const wanted = { name, faults: [], brokenPictures: 0, dark: colorScheme === 'dark' };
      expect({ name, faults, ...look }).toMatchObject(wanted);
      expect(look.wider, `${name} is wider than the window`).toBeLessThanOrEqual(0);
      expect(look.title, name).not.toBe('');
      await page.close();
    }
    await context.close();
  });

  test.for([
    ['compareBackends', 'compareBackends'],
    ['model_dir', 'Deploy scripts|From the Python scripts'],
    ['libgomp', 'Install|Platforms'],
  ] as const)('the search finds %s', async ([words, wanted], { skip }) => {
    if (browser === undefined) return skip();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const { page, faults } = await visit(context, '');
    await page.keyboard.press('Control+k');
    await page.locator('#localsearch-input').fill(words);
    const results = page.locator('#localsearch-list .result');
    await results.first().waitFor();
    expect((await results.allTextContents()).join('\n')).toMatch(new RegExp(wanted));
    await results.first().click();
    await page.waitForURL((url) => url.pathname !== '/');
    expect(faults).toEqual([]);
    await context.close();
  });

  test('a search without a result says so', async ({ skip }) => {
    if (browser === undefined) return skip();
    const context = await browser.newContext();
    const { page } = await visit(context, '');
    await page.keyboard.press('Control+k');
    await page.locator('#localsearch-input').fill('qqqqqq');
    await page.getByText('No results for').waitFor();
    await context.close();
  });
});
