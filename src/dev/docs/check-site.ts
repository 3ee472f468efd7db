import path from 'node:path';
import { existsSync, readdirSync, readFileSync } from '../../files/fs';

/** What is wrong with a built site: links to files or anchors that are not there, and files that come from a network. */
export function siteProblems(site: string): string[] {
  const pages = readdirSync(site, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.html'));
  const ids = new Map<string, ReadonlySet<string>>();
  const idsOf = (file: string): ReadonlySet<string> => {
    const known =
      ids.get(file) ?? new Set([...readFileSync(file, 'utf8').matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!));
    ids.set(file, known);
    return known;
  };
  return pages.flatMap((page) => {
    // Code of scripts may look like a link; the tags themselves say what is loaded.
    const html = readFileSync(path.join(site, page), 'utf8').replace(/(<script[^>]*>)[\s\S]*?<\/script>/g, '$1');
    const linked = [...html.matchAll(/<a\s[^>]*?href="([^"]+)"/g)].map(([, target]) => target!);
    const loaded = [...html.matchAll(/<(?:img|link|script|iframe)\s[^>]*?(?:src|href)="([^"]+)"/g)].map(
      ([, file]) => file!,
    );
    return [
      ...loaded.filter((file) => /^(https?:)?\/\//.test(file)).map((file) => `${page} loads ${file} from a network`),
      ...[...linked, ...loaded].flatMap((target) => problem(target, page, site, idsOf) ?? []),
    ];
  });
}

function problem(
  target: string,
  page: string,
  site: string,
  idsOf: (file: string) => ReadonlySet<string>,
): string | undefined {
  if (/^([a-z]+:|\/\/)/.test(target)) return undefined;
  const [, file = '', anchor] = target.replaceAll('&amp;', '&').match(/^([^#?]*)(?:\?[^#]*)?(?:#(.*))?$/) ?? [];
  const found =
    file === ''
      ? path.join(site, page)
      : path.resolve(file.startsWith('/') ? site : path.join(site, path.dirname(page)), `./${decodeURI(file)}`);
  const existing = [found, `${found}.html`, path.join(found, 'index.html')].find(
    (one) => existsSync(one) && path.extname(one) !== '',
  );
  if (existing === undefined) return `${page} links to ${target}, which is not there`;
  if (!anchor || !existing.endsWith('.html') || idsOf(existing).has(decodeURIComponent(anchor))) return undefined;
  return `${page} links to ${target}, a place that the page does not have`;
}
