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
