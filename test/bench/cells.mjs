// Whether cells get slower with their number: medians of cells one after the other, after 20 and after 500 earlier ones, in a
// session of this process, with both compilers.
//
//   node test/bench/cells.mjs                          needs a build

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const require = createRequire(import.meta.url);
const { TypeScriptSession } = require('../../dist/kernel/session.js');
const { SharedState } = require('../../dist/kernel/thread-messages.js');

/** How many cells each figure is of. */
const measured = 40;
/** Each needs the one before it, if there is one. */
const kinds = {
  trivial: (n) => `${n} + 2`,
  'a constant': (n) => `const c${n} = ${n}; c${n}`,
  'a constant from the one before': (n) => `const d${n} = ${n === 0 ? 1 : `d${n - 1} + 1`}; d${n}`,
  'an object from the one before': (n) =>
    `const o${n} = { n: ${n === 0 ? 1 : `o${n - 1}.n + 1`}, list: [${n}] }; o${n}.n`,
};

async function measure(compiler, cell) {
  const folder = mkdtempSync(path.join(tmpdir(), 'paddlelab-bench-'));
  const session = new TypeScriptSession(folder, new SharedState(), compiler);
  const times = [];
  try {
    for (let n = 0; n < 500 + measured; n += 1) {
      const start = performance.now();
      const { kind } = await session.execute(cell(n), `cell[${n + 1}].ts`);
      if (kind !== 'done') throw new Error(`Cell ${n + 1} ended as ${kind}: ${cell(n)}`);
      times.push(performance.now() - start);
    }
  } finally {
    session.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const after = (count) => times.slice(count, count + measured).sort((a, b) => a - b)[measured / 2];
  return [after(20), after(500)];
}

console.log('| cell | TypeScript 7, after 20 | after 500 | | tslab, after 20 | after 500 | |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const [name, cell] of Object.entries(kinds)) {
  const figures = [];
  for (const compiler of ['typescript', 'tslab']) {
    const [early, late] = await measure(compiler, cell);
    figures.push(`${early.toFixed(1)} ms`, `${late.toFixed(1)} ms`, `${(late / early).toFixed(2)} ×`);
  }
  console.log(`| ${name} | ${figures.join(' | ')} |`);
}
