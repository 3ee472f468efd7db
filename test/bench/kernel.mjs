// Compares this kernel with itself on tslab's compiler, and with tslab's own kernel, each in an empty folder, in turn, in
// the same run; with Deno's and
// ijavascript where test/long/other-kernels.test.ts has installed them, and with a Deno that is on the path.
//
//   npm run bench:kernel [-- --rounds 3] [--cells 40] [--only NAME]

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const { KernelClient, OWN_KERNEL } = require('../../dist/repl/kernel-client.js');
const { otherKernelsAtHand, tcpConnection } = require('../helpers/other-kernels.cjs');

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    cells: { type: 'string', default: '40' },
    only: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const cells = Number(options.cells);

const formerCompiler = { name: 'on 5.0', argv: OWN_KERNEL, env: { PADDLELAB_COMPILER: 'tslab' } };
const kernels = [{ name: 'paddlelab', argv: OWN_KERNEL }, formerCompiler, ...otherKernelsAtHand()].filter(
  ({ name }) => options.only === undefined || options.only === name,
);

/** Of a process and all its descendants: some kernels run cells in another process. */
function residentMegabytes(pid) {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  const children = readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '))
    .filter((child) => child !== '');
  return children.reduce((sum, child) => sum + residentMegabytes(child), Number(kilobytes) / 1024);
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** One start of one kernel. */
async function measure({ argv, env = {} }) {
  const cwd = mkdtempSync(path.join(tmpdir(), 'paddlelab-bench-'));
  const started = performance.now();
  const client = KernelClient.start({
    argv,
    cwd,
    env: { ...process.env, ...env },
    connection: await tcpConnection(),
    stderr: 'ignore',
  });
  try {
    // tslab's server loses messages, including the idle status.
    client.endsWith = 'reply';
    await client.ready();
    const reply = await client.execute('1 + 1');
    if (reply.status !== 'ok') throw new Error(`The first cell failed: ${JSON.stringify(reply)}`);
    const first = performance.now() - started;
    const memory = residentMegabytes(client.process.pid);
    const cell = [];
    for (let i = 0; i < cells; i += 1) cell.push(await timed(() => client.execute(`${i} + 2`)));
    const completion = [];
    for (let i = 0; i < cells; i += 1) {
      const code = `const v${i} = Math.sq`;
      completion.push(await timed(() => client.request('complete_request', { code, cursor_pos: code.length })));
    }
    return { first, memory, cell: median(cell.slice(5)), completion: median(completion.slice(5)) };
  } finally {
    client.process.kill('SIGKILL');
    await client.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

const runs = new Map(kernels.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const kernel of kernels) runs.get(kernel.name).push(await measure(kernel));
}
const rows = [
  ['distinct trivial cell', 'cell', 'ms'],
  ['completion', 'completion', 'ms'],
  ['start to first result', 'first', 'ms'],
  ['fresh memory', 'memory', 'MB'],
];
const medians = new Map(
  [...runs].map(([name, list]) => [
    name,
    Object.fromEntries(rows.map(([, key]) => [key, median(list.map((run) => run[key]))])),
  ]),
);
const names = [...medians.keys()];
console.log(`| median of ${rounds} starts | ${names.join(' | ')} | against tslab | against 5.0 |`);
console.log(`| --- |${names.map(() => ' ---: |').join('')} ---: | ---: |`);
for (const [title, key, unit] of rows) {
  const against = (other) => {
    const ratio = medians.get('paddlelab')?.[key] / medians.get(other)?.[key];
    return Number.isNaN(ratio) ? '' : `${ratio.toFixed(2)} ×`;
  };
  const figures = names.map((name) => `${medians.get(name)[key].toFixed(1)} ${unit}`);
  console.log(`| ${title} | ${figures.join(' | ')} | ${against('tslab')} | ${against('on 5.0')} |`);
}
