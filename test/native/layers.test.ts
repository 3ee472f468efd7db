import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../helpers/project';

/** The folders of the addon that each folder may include besides itself. Only `binding` uses N-API. */
const mayInclude: Readonly<Record<string, readonly string[]>> = {
  binding: ['paddle', 'image', 'draw', 'text'],
  paddle: [],
  image: [],
  draw: [],
  text: ['image'],
};

const source = path.join(projectRoot, 'native/src');
const files = readdirSync(source, { recursive: true })
  .map(String)
  .filter((file) => /\.(cc|c|h)$/.test(file));

const includes = files.flatMap((file) => {
  const text = readFileSync(path.join(source, file), 'utf8');
  return [...text.matchAll(/^#include\s+["<]([^">]+)[">]/gm)].map(([, target]) => ({ file, target: target as string }));
});

test('every file of the addon is in one of its folders', () => {
  expect([...new Set(files.map((file) => path.dirname(file)))].sort()).toEqual(Object.keys(mayInclude).sort());
});

test('includes point down only', () => {
  const own = includes.filter(({ target }) => files.includes(target));
  expect(own.length).toBeGreaterThan(100);
  const climbing = own.filter(({ file, target }) => {
    const from = path.dirname(file);
    const to = path.dirname(target);
    return from !== to && !mayInclude[from]?.includes(to);
  });
  expect(climbing).toEqual([]);
});

test('N-API stays in the binding', () => {
  const users = includes.filter(({ target }) => target === 'napi.h' || target === 'node_api.h');
  expect(new Set(users.map(({ file }) => path.dirname(file)))).toEqual(new Set(['binding']));
});

test('mangled names of Paddle are only in paddle', () => {
  const users = files.filter((file) => /"_Z\w*(paddle|phi)/.test(readFileSync(path.join(source, file), 'utf8')));
  expect(users.length).toBeGreaterThan(3);
  expect(new Set(users.map((file) => path.dirname(file)))).toEqual(new Set(['paddle']));
});
