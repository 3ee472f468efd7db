import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readdir, readFile, statIfThere } from '../files/fs';
import { downloadFailed } from '../http/download-failed';
import type { HttpClient } from '../http/http-client';
import { retried } from '../http/retries';
import { type ListedFile, pageTypes, parsePage } from './index-page';
import type { Place } from './settings/index-settings';
import { normalName } from './wheel-name';

export interface ListOptions {
  readonly client: HttpClient;
  readonly signal: AbortSignal | undefined;
  /** Wait before the first repetition of a request; it grows with each. */
  readonly pauseMs: number;
  /** Whether a server may be asked without an encrypted connection. */
  readonly trusts: (server: URL) => boolean;
}

/**
 * The files that a place lists for a project, or all its files.
 *
 * @throws PaddleLabError DOWNLOAD_FAILED with the reason; ABORTED
 */
export async function listFiles(place: Place, project: string, options: ListOptions): Promise<ListedFile[]> {
  const { url, from } = place;
  const page = place.kind === 'index' ? new URL(`${normalName(project)}/`, withSlash(url)) : url;
  if (page.pathname.endsWith('.whl')) return parsePage({ url: page.href, type: 'text/html', text: linkTo(page) });
  if (page.protocol === 'file:') return listLocal(fileURLToPath(page), from);
  if (page.protocol === 'http:' && !isThisMachine(page) && !options.trusts(page)) {
    const advice = `use https:, or name ${page.host} in PIP_TRUSTED_HOST`;
    throw downloadFailed(`${page.href}: not asked, because anyone on the way could change the answer; ${advice}`);
  }
  const { client, signal } = options;
  const ask = () => client.text(page.href, { headers: { accept: pageTypes }, signal });
  return parsePage(await retried(ask, options));
}

async function listLocal(file: string, from: string): Promise<ListedFile[]> {
  const page = (await statIfThere(file))?.isDirectory() ? path.join(file, 'index.html') : file;
  if ((await statIfThere(page)) !== undefined) {
    return parsePage({ url: pathToFileURL(page).href, type: 'text/html', text: await readFile(page, 'utf8') });
  }
  if ((await statIfThere(file)) === undefined) throw downloadFailed(`${file}, which ${from} names, does not exist`);
  return (await readdir(file)).map((name) => ({ name, url: pathToFileURL(path.join(file, name)).href }));
}

/** As in pip, the loopback interface needs no encryption. */
function isThisMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function withSlash(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/${url.search}`, url);
}

function linkTo(url: URL): string {
  return `<a href="${url.href.replaceAll('&', '&amp;')}"></a>`;
}
