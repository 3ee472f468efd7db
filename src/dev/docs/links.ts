import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from '../../files/fs';
import { anchors, mapLinks, mapProse } from './markdown';

/** Where the pages of the site come from, and what their links become. */
export interface LinkContext {
  readonly root: string;
  /** The folder that becomes the site. */
  readonly site: string;
  /** Path on the site of each file of the repository that is a page, without an extension. */
  readonly pages: ReadonlyMap<string, string>;
  /** The repository on the web, for links to files that are not pages. */
  readonly repository: string;
}

function broken(source: string, target: string, why: string): PaddleLabError {
  return new PaddleLabError('FILE_NOT_FOUND', `${source} links to ${target}: ${why}`);
}

/**
 * Rewrites the links of a page: to other pages of the site where there is one, else to the repository; pictures are
 * copied. A link to nothing, or to a heading that is not there, is an error.
 */
export function rewriteLinks(text: string, source: string, page: string, context: LinkContext): string {
  return mapProse(text, (line) =>
    mapLinks(line, (target) => {
      if (/^[a-z]+:/.test(target)) return target;
      const [file = '', anchor] = target.split('#');
      const found = file === '' ? source : path.posix.join(path.posix.dirname(source), file);
      const absolute = path.join(context.root, found);
      if (!existsSync(absolute)) throw broken(source, target, 'the file does not exist');
      if (anchor !== undefined && found.endsWith('.md') && !anchors(readFileSync(absolute, 'utf8')).has(anchor)) {
        throw broken(source, target, `the file has no heading with the anchor "${anchor}"`);
      }
      return siteTarget(found, page, context) + (anchor === undefined ? '' : `#${anchor}`);
    }),
  );
}

/** What a link to a file of the repository becomes on a page of the site. */
function siteTarget(file: string, page: string, { root, site, pages, repository }: LinkContext): string {
  const from = path.posix.dirname(page);
  const linked = pages.get(file);
  if (linked !== undefined) return relative(from, `${linked}.md`);
  if (/\.(png|jpe?g|svg|webp)$/.test(file)) {
    const copy = path.posix.join('pictures', file.replaceAll('/', '-'));
    mkdirSync(path.join(site, 'pictures'), { recursive: true });
    writeFileSync(path.join(site, copy), readFileSync(path.join(root, file)));
    return relative(from, copy);
  }
  return `${repository}/blob/main/${file}`;
}

function relative(from: string, to: string): string {
  const found = path.posix.relative(from, to);
  return found.startsWith('.') ? found : `./${found}`;
}
