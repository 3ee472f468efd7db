import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { slug } from '../../src/dev/docs/slug';

// The pages are put together in `.site` by `npm run docs`, with the entries of the sidebar.
const site = path.resolve(import.meta.dirname, '../.site');

function sidebarOf(name: string): DefaultTheme.SidebarItem[] {
  const file = path.join(site, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DefaultTheme.SidebarItem[]) : [];
}

/** For each topic of the API a sidebar with its names; the other topics are links to their part of the index. */
function apiSidebars(): DefaultTheme.SidebarMulti {
  const topics = sidebarOf('api/typedoc-sidebar.json');
  const elsewhere = ({ text = '' }: DefaultTheme.SidebarItem) => ({ text, link: `/api/#${slug(text)}` });
  const sidebar = (open?: DefaultTheme.SidebarItem) => [
    { text: 'API', link: '/api/', items: topics.map((topic) => (topic === open ? { ...topic, collapsed: false } : elsewhere(topic))) },
  ];
  const one = (topic: DefaultTheme.SidebarItem) => [`/api/${topic.text?.replaceAll(' ', '_')}/`, sidebar(topic)] as const;
  return { ...Object.fromEntries(topics.map(one)), '/api/': sidebar() };
}

const { version, homepage } = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'));

export default defineConfig({
  title: 'paddlelab',
  description: 'Explore Paddle models from TypeScript: a notebook kernel and helpers on the native Paddle predictor',
  srcDir: '.site',
  outDir: '../out/docs',
  base: process.env.DOCS_BASE ?? '/',
  lang: 'en',
  lastUpdated: false,
  metaChunk: true,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: { anchor: { slugify: slug } },
  vite: { build: { chunkSizeWarningLimit: 20_000 }, logLevel: 'warn' },
  themeConfig: {
    nav: [
      { text: 'Install', link: '/install' },
      { text: 'Lessons', link: '/lessons/01-quickstart', activeMatch: '/lessons/' },
      { text: 'API', link: '/api/', activeMatch: '/api/' },
      { text: version, link: '/changelog' },
    ],
    sidebar: {
      '/': sidebarOf('sidebar.json'),
      ...apiSidebars(),
    },
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: homepage.replace(/#.*/, '') }],
  },
});
