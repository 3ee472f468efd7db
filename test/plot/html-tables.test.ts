import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../helpers/project';

test('every HTML table is made by one function, which makes it scroll', () => {
  const sources = readdirSync(path.join(projectRoot, 'src'), { recursive: true }).map(String);
  const making = sources.filter(
    (name) => name.endsWith('.ts') && readFileSync(path.join(projectRoot, 'src', name), 'utf8').includes('<table'),
  );
  // The HTML of a table that was read is data; it scrolls where it is shown.
  expect(making.sort()).toEqual(['display/html-table.ts', 'ocr/fill-table.ts']);
});
