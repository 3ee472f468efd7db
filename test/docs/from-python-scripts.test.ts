import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import type { Flag } from '../../src/cli/infer/flag';
import { flags } from '../../src/cli/infer/flags';
import { addFlags, flagValues } from '../../src/cli/infer/parse-flags';
import { readRequest } from '../../src/cli/infer/request';
import { refusedFlags, voidFlags } from '../../src/cli/infer/script-flags';
import { translate } from '../../src/cli/infer/translate';
import { projectRoot, sharedPath } from '../helpers/project';

const file = path.join(projectRoot, 'docs/from-python-scripts.md');
const mark = '<!-- flags -->';

const code = (name: string): string => `\`--${name}\``;
const inPython = (name: string): string => code(name.replaceAll('-', '_'));

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line), ''];
}

function workingRow({ name, also = [], short, help }: Flag): string[] {
  const shorts = short === undefined ? [] : [`\`-${short}\``];
  return [[name, ...also].map(inPython).concat(shorts).join(', '), code(name), help];
}

/** All flags that a line of the scripts may have, and paddlelab's own. */
function tables(): string {
  return [
    ...['## Flags that work', '', ...table(['in a script', 'here', 'meaning'], flags.map(workingRow))],
    ...['## Flags without effect', '', 'They are accepted, and a note says why they do nothing.', ''],
    ...table(
      ['in a script', 'why'],
      voidFlags.map(({ name, why }) => [inPython(name), why]),
    ),
    ...['## Flags that are refused', '', 'The error names what to use instead.', ''],
    ...table(
      ['in a script', 'instead'],
      refusedFlags.map(({ name, instead }) => [inPython(name), instead]),
    ),
  ].join('\n');
}

test('the tables of flags are up to date', async () => {
  const [introduction = ''] = (await readFile(file, 'utf8')).split(mark);
  const wanted = `${introduction}${mark}\n\n${tables()}`;
  if (process.env.UPDATE_DOCS === '1') await writeFile(file, wanted);
  expect(await readFile(file, 'utf8')).toBe(wanted);
});

test('every flag of every script is in the tables', async ({ skip }) => {
  const contract = sharedPath('contract/cli.md');
  if (contract === undefined) return skip();
  const text = await readFile(file, 'utf8');
  const rows = (await readFile(contract, 'utf8')).split('\n').filter((line) => /^\|[^|]*--/.test(line));
  const names = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/--([a-zA-Z][\w-]+)/g)].map(([, name]) => name!),
  );
  expect(names.length).toBeGreaterThan(60);
  expect(names.filter((name) => !text.includes(`\`--${name.replaceAll('-', '_')}\``))).toEqual([]);
});

test('every line of the documents that use a script has its line here, and it is understood', async ({ skip }) => {
  const text = await readFile(file, 'utf8');
  const lines = [...text.matchAll(/`npx paddlelab (infer --[^`]+)`/g)].map(([, line]) => line!);
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) {
    const { argv, notes } = translate(line.split(' ').slice(1));
    const command = addFlags(new Command('infer').argument('[inputs...]').exitOverride());
    command.parse(argv, { from: 'user' });
    expect(readRequest(command.args, flagValues(command.opts()))).toBeDefined();
    expect(notes).toEqual([]);
  }
  const seeds = ['000_c50fe7d74c5adb70', '001_8a5e197cd09a628e', '003_dac83e1e6d65712f'];
  for (const seed of seeds) {
    const document = sharedPath(`seeds/${seed}.txt`);
    if (document === undefined) return skip();
    const joined = (await readFile(document, 'utf8')).replaceAll(/\\\n\s*/g, '');
    const used = [...joined.matchAll(/^python (\S*infer\.py .*)$/gm)].map(([, line]) =>
      line!.trim().replaceAll(/\s+/g, ' '),
    );
    expect(used.length, seed).toBeGreaterThan(0);
    for (const line of used) expect(text, seed).toContain(`\`python ${line}\``);
  }
});
