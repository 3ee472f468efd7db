import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import * as lab from '../../src';
import { projectRoot, sharedPath } from '../helpers/project';

const classes = [
  ...['Config', 'Predictor', 'PredictorPool', 'PassBuilder', 'ConfigSummary', 'InputHandle', 'OutputHandle'],
] as const;
type Exports = Readonly<Record<string, { prototype: object } | undefined>>;

/** Members of a class and of those that it extends, and its static ones. */
function membersOf(name: string): Set<string> {
  const found = new Set<string>();
  const made = (lab as unknown as Exports)[name];
  for (const key of Object.getOwnPropertyNames(made ?? {})) found.add(key);
  for (let it = made?.prototype; it !== undefined && it !== Object.prototype; it = Object.getPrototypeOf(it)) {
    for (const key of Object.getOwnPropertyNames(it)) found.add(key);
  }
  return found;
}

/** Fields that constructors set. */
const fields = ['Predictor.inputs', 'Predictor.outputs'];

test('every name in the tables of the documentation exists', async () => {
  const text = await readFile(path.join(projectRoot, 'src/inference/README.md'), 'utf8');
  const cells = text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | '))
    .flatMap((row) => (row.length === 3 ? [row[2] ?? ''] : row.length === 5 ? [row[1] ?? ''] : []));
  const names = cells.flatMap((cell) => [...cell.matchAll(/`([A-Za-z]+(?:\.[A-Za-z]+)?)`/g)].map((match) => match[1]!));
  expect(names.length).toBeGreaterThan(120);
  const missing = names.filter((name) => {
    const [owner = '', member] = name.split('.');
    if (member === undefined) return !(owner in lab);
    return !membersOf(owner).has(member) && !fields.includes(name);
  });
  expect(missing).toEqual([]);
});

test('every public method of a Config is in the tables', async () => {
  const text = await readFile(path.join(projectRoot, 'src/inference/README.md'), 'utf8');
  const helpers = ['constructor', 'steps', 'has', 'record', 'flag', 'number', 'read', 'modelSteps', 'modelSource'];
  const own = ['length', 'name', 'prototype', ...helpers];
  const undocumented = [...membersOf('Config')].filter(
    (name) => !own.includes(name) && !text.includes(`\`Config.${name}\``),
  );
  expect(undocumented).toEqual([]);
  expect(classes.every((name) => name in lab)).toBe(true);
});

/** The names in the first column of a section's tables: words with an underscore, and names in capitals. */
function contractNames(contract: string, section: RegExp): string[] {
  const part = contract.split(/^## /m).find((text) => section.test(text)) ?? '';
  // Arguments of a function in brackets are not names of the API.
  const cells = part
    .split('\n')
    .flatMap((line) => (line.startsWith('| ') ? [line.split('|')[1]?.replace(/\(fn\(.*\)\)/, '') ?? ''] : []));
  return cells.flatMap((cell) =>
    [...cell.matchAll(/\b[A-Za-z]+(?:_[a-z0-9]+)+\b|\b[a-z]+[A-Z]\w+\b/g)].map(([name]) => name),
  );
}

test('every method of paddle.inference and every name of 1.x has its row', async ({ skip }) => {
  const file = sharedPath('contract/inference-api.md');
  if (file === undefined) return skip();
  const contract = await readFile(file, 'utf8');
  const text = await readFile(path.join(projectRoot, 'src/inference/README.md'), 'utf8');
  const names = [/^3\. Config/, /^4\. Predictor/, /^11\. Old names/].flatMap((section) =>
    contractNames(contract, section),
  );
  expect(names.length).toBeGreaterThan(120);
  expect(names.filter((name) => !text.includes(name))).toEqual([]);
});
