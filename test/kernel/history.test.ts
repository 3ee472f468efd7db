import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { History } from '../../src/kernel/history';
import { HistoryFile } from '../../src/kernel/history-file';
import { emptyFolder } from '../helpers/jupyter';

function inputs(history: History, request: object): unknown[] {
  return history.reply({ output: false, raw: true, ...request }).history as unknown[];
}

test('cells of earlier kernels can be found, and the history file can be set', () => {
  const file = path.join(emptyFolder(), 'deep/history.jsonl');
  const first = new History(new HistoryFile(file));
  first.add(1, 'const a = 1;');
  first.add(2, 'a + 1');
  first.setOutput(2);
  const second = new History(new HistoryFile(file));
  second.add(1, 'const b = `two\nlines`;');
  expect(inputs(second, { hist_access_type: 'tail', n: 2 })).toEqual([
    [1, 2, 'a + 1'],
    [2, 1, 'const b = `two\nlines`;'],
  ]);
  expect(inputs(second, { hist_access_type: 'range', session: -1, start: 1, stop: 2 })).toEqual([
    [1, 1, 'const a = 1;'],
  ]);
  expect(inputs(second, { hist_access_type: 'range', session: 0 })).toHaveLength(1);
  expect(inputs(second, { hist_access_type: 'search', pattern: 'const*', unique: true, n: 5 })).toHaveLength(2);
  expect(inputs(first, { hist_access_type: 'tail', n: 1, output: true })).toEqual([[1, 2, ['a + 1', '2']]]);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
});

test('an empty name keeps no history on disk, and a damaged line is skipped', () => {
  const none = new History(new HistoryFile(''));
  none.add(1, 'x');
  expect(inputs(none, { hist_access_type: 'tail' })).toHaveLength(1);
  expect(inputs(new History(new HistoryFile('/dev/null/nowhere')), { hist_access_type: 'tail' })).toEqual([]);
});
