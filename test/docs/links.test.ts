import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { siteProblems } from '../../src/dev/docs/check-site';
import { type LinkContext, rewriteLinks } from '../../src/dev/docs/links';
import { anchors } from '../../src/dev/docs/markdown';
import { sections } from '../../src/dev/docs/pages';
import { stagePages } from '../../src/dev/docs/stage';
import { makeFolder } from '../helpers/folders';
import { projectRoot } from '../helpers/project';

test('every link and anchor of every page and lesson leads somewhere, also on GitHub', () => {
  const site = makeFolder();
  // It throws at a broken link.
  stagePages(site);
  const staged = readdirSync(site, { recursive: true }).map(String);
  for (const { page } of sections.flatMap(({ pages }) => pages)) expect(staged).toContain(`${page}.md`);
  expect(staged.filter((name) => /^lessons\/.*\.md$/.test(name)).length).toBeGreaterThanOrEqual(11);
});

test('every document in docs/ is a page of the site', () => {
  const written = readdirSync(path.join(projectRoot, 'docs')).filter((name) => name.endsWith('.md'));
  const listed = sections.flatMap(({ pages }) => pages.map(({ source }) => path.basename(source)));
  expect([...listed, 'index.md']).toEqual(expect.arrayContaining(written));
});

test('README and CONTRIBUTING link only to what is there', () => {
  const context: LinkContext = { root: projectRoot, site: makeFolder(), pages: new Map(), repository: 'https://x' };
  for (const name of ['README.md', 'CONTRIBUTING.md', '.github/SECURITY.md']) {
    rewriteLinks(readFileSync(path.join(projectRoot, name), 'utf8'), name, 'page', context);
  }
});

test('links become those of the site, or of the repository', () => {
  const root = makeFolder();
  mkdirSync(path.join(root, 'docs'));
  writeFileSync(path.join(root, 'docs/a.md'), '# A `x`\n## Two words\n## Two words\n');
  writeFileSync(path.join(root, 'code.ts'), '');
  const context: LinkContext = {
    ...{ root, site: makeFolder(), repository: 'https://example.org/r' },
    pages: new Map([['docs/a.md', 'guide/a']]),
  };
  const rewrite = (text: string): string => rewriteLinks(text, 'docs/b.md', 'b', context);
  expect(rewrite('[a](a.md#two-words-1) `[no](x.md)`')).toBe('[a](./guide/a.md#two-words-1) `[no](x.md)`');
  expect(rewrite('[code](../code.ts), [web](https://example.org)')).toBe(
    '[code](https://example.org/r/blob/main/code.ts), [web](https://example.org)',
  );
  expect(rewrite('```\n[no](missing.md)\n```')).toContain('missing.md');
  expect(() => rewrite('[a](missing.md)')).toThrow('docs/b.md links to missing.md: the file does not exist');
  expect(() => rewrite('[a](a.md#three)')).toThrow('no heading with the anchor "three"');
});

test('anchors are those of GitHub', () => {
  const text = '# What it does: `loadModel(dir)`, now\n```sh\n# no heading\n```\n## Größe & Form\n## A_b-c';
  expect([...anchors(text)]).toEqual(['what-it-does-loadmodeldir-now', 'größe--form', 'a_b-c']);
});

test('a built site is searched for dead links, dead anchors and files from a network', () => {
  const site = makeFolder();
  writeFileSync(path.join(site, 'b.html'), '<h2 id="here"></h2>');
  writeFileSync(
    path.join(site, 'a.html'),
    '<a href="/b.html#here">1</a><a href="b#gone">2</a><a href="/c.html">3</a><img src="https://example.org/x.png">' +
      '<script src="//example.org/x.js"></script><script>"<a href=\'gone\'>"</script>',
  );
  expect(siteProblems(site)).toEqual([
    'a.html loads https://example.org/x.png from a network',
    'a.html loads //example.org/x.js from a network',
    'a.html links to b#gone, a place that the page does not have',
    'a.html links to /c.html, which is not there',
  ]);
});
