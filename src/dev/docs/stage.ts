import path from 'node:path';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from '../../files/fs';
import { packageRoot } from '../../package-root';
import { lessonPage } from './lessons';
import { type LinkContext, rewriteLinks } from './links';
import { title } from './markdown';
import { home, type Page, type Section, sections } from './pages';

/** An entry of VitePress' sidebar. */
interface SidebarItem {
  readonly text: string;
  readonly link?: string;
  readonly items?: readonly SidebarItem[];
}

/** The lessons, in the order of their numbers. */
function lessonPages(root: string): Page[] {
  return readdirSync(path.join(root, 'notebooks'))
    .filter((name) => name.endsWith('.ipynb'))
    .sort()
    .map((name) => ({ source: `notebooks/${name}`, page: `lessons/${path.parse(name).name}` }));
}

/** Writes all pages but those of the API to a folder, with `sidebar.json`. */
export function stagePages(site: string): void {
  const root = packageRoot();
  const lessons: Section = { title: 'Lessons', pages: lessonPages(root) };
  const all = [...sections, lessons].flatMap(({ pages }) => pages).concat(home);
  const { homepage } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { homepage: string };
  const context: LinkContext = {
    root,
    site,
    pages: new Map(all.map(({ source, page }) => [source, page])),
    repository: homepage.replace(/#.*/, ''),
  };
  rmSync(site, { recursive: true, force: true });
  const titles = new Map(all.map((page) => [page, stagePage(page, context)]));
  const item = (page: Page): SidebarItem => ({
    text: page.text ?? titles.get(page) ?? page.page,
    link: `/${page.page}`,
  });
  const sidebar = [...sections, lessons].map((section) => ({ text: section.title, items: section.pages.map(item) }));
  writeFileSync(path.join(site, 'sidebar.json'), JSON.stringify(sidebar));
}

/** @returns the page's title */
function stagePage({ source, page }: Page, context: LinkContext): string | undefined {
  const file = path.join(context.root, source);
  const pictures = { folder: path.join(context.site, 'pictures', 'lessons'), path: '../pictures/lessons' };
  const rewrite = (markdown: string): string => rewriteLinks(markdown, source, page, context);
  const text = source.endsWith('.ipynb') ? lessonPage(file, pictures, rewrite) : rewrite(readFileSync(file, 'utf8'));
  const target = path.join(context.site, `${page}.md`);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
  return title(text);
}
