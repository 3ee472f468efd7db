import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A browser for tests of pages; undefined, with a visible message, if this machine has none. */
export async function openBrowser(): Promise<Browser | undefined> {
  const executablePath = places.find((place) => existsSync(place));
  if (executablePath === undefined) {
    process.stderr.write(`SKIPPED: no browser in ${places.join(', ')}\n`);
    return undefined;
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
