import { downloadFailed } from '../http/download-failed';
import type { TextAnswer } from '../http/http-client';

/** A file that a page of an index lists. */
export interface ListedFile {
  readonly name: string;
  readonly url: string;
  readonly sha256?: string;
  readonly size?: number;
  /** The reason why it was withdrawn, which may be empty; undefined if it was not. */
  readonly yanked?: string;
}

/** The forms of pages, the preferred first (PEP 691). */
export const pageTypes =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.2, text/html; q=0.01';

/**
 * The files on a page of a package index (PEP 503, PEP 691) or any page of links.
 *
 * @throws PaddleLabError DOWNLOAD_FAILED if it is neither
 */
export function parsePage(page: TextAnswer): ListedFile[] {
  const { type, url } = page;
  if (/json$/.test(type)) return parseJson(page);
  if (/html/.test(type)) return parseHtml(page);
  throw downloadFailed(`${url}: Expected a page of a package index but received ${type || 'a file without a type'}`);
}

interface JsonFile {
  readonly filename?: unknown;
  readonly url?: unknown;
  readonly hashes?: { readonly sha256?: unknown };
  readonly size?: unknown;
  readonly yanked?: unknown;
}

function parseJson({ url: page, text }: TextAnswer): ListedFile[] {
  let files: unknown;
  try {
    ({ files } = JSON.parse(text) as { files?: unknown });
  } catch (error) {
    throw downloadFailed(`${page} is not JSON, as its type says; is it the right server?`, error);
  }
  if (!Array.isArray(files)) throw downloadFailed(`${page} has no list of files; is it a package index?`);
  return (files as readonly JsonFile[]).flatMap(({ filename, url, hashes, size, yanked }) => {
    if (typeof filename !== 'string' || typeof url !== 'string' || !URL.canParse(url, page)) return [];
    return {
      name: filename,
      url: withoutFragment(new URL(url, page)),
      ...(isSha256(hashes?.sha256) ? { sha256: hashes.sha256.toLowerCase() } : {}),
      ...(typeof size === 'number' ? { size } : {}),
      ...(typeof yanked === 'string' ? { yanked } : yanked === true ? { yanked: '' } : {}),
    };
  });
}

/** Pages of indexes hold plain links (PEP 503), for which a parser of whole documents is not needed. */
function parseHtml({ url: page, text }: TextAnswer): ListedFile[] {
  const visible = text.replace(/<!--[\s\S]*?-->/g, '');
  const href = attributesOf(/<base\b([^>]*)>/i.exec(visible)?.[1] ?? '').get('href') ?? '';
  const base = URL.canParse(href, page) ? new URL(href, page).href : page;
  const links = visible.matchAll(/<a\b((?:"[^"]*"|'[^']*'|[^<>"'])*)>/gi);
  return [...links].flatMap(([, inside = '']) => {
    const attributes = attributesOf(inside);
    const target = attributes.get('href')?.trim();
    if (target === undefined || !URL.canParse(target, base)) return [];
    const url = new URL(target, base);
    const sha256 = /[#&]sha256=([0-9a-f]{64})(?:&|$)/i.exec(url.hash)?.[1]?.toLowerCase();
    const yanked = attributes.get('data-yanked');
    return {
      name: lastPart(url),
      url: withoutFragment(url),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(yanked === undefined ? {} : { yanked }),
    };
  });
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g);
  return new Map([...found].map(([, name = '', a, b, c]) => [name.toLowerCase(), decodeEntities(a ?? b ?? c ?? '')]));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]+));/gi,
    (whole, decimal, hex, name: string | undefined) => {
      if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
      return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
    },
  );
}

function lastPart({ pathname }: URL): string {
  const name = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function withoutFragment(url: URL): string {
  url.hash = '';
  return url.href;
}

function isSha256(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value);
}
