import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../helpers/project';

test('every code of an error has its section, once, and no other', async () => {
  const source = await readFile(path.join(projectRoot, 'src/errors.ts'), 'utf8');
  const union = source.slice(source.indexOf('PaddleLabErrorCode ='), source.indexOf('/**\n * The one error class'));
  const codes = [...union.matchAll(/\| '([A-Z_]+)'/g)].map(([, code]) => code);
  const text = await readFile(path.join(projectRoot, 'docs/errors.md'), 'utf8');
  const sections = [...text.matchAll(/^## (\S+)$/gm)].map(([, name]) => name);
  expect(codes.length).toBeGreaterThan(20);
  expect(sections).toEqual(codes);
});

test('every file that the documents link to is there', async () => {
  for (const name of [
    'README.md',
    'CONTRIBUTING.md',
    'docs/errors.md',
    'docs/from-python-scripts.md',
    'docs/platforms.md',
    'docs/reference.md',
    'docs/models.md',
  ]) {
    const file = path.join(projectRoot, name);
    const text = await readFile(file, 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link]) => link!);
    for (const link of links) await readFile(path.resolve(path.dirname(file), link));
  }
});
