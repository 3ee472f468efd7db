import { setTimeout as sleep } from 'node:timers/promises';
import * as zmq from 'zeromq';
import { address, type JsonObject } from '../../../src/kernel/jupyter-protocol';
import type { OtherKernel } from '../../helpers/other-kernels.cjs';
import type { Probe } from './probe';
import { inTrial, SILENCE_MS, type Trial } from './trial';

const LONG_MS = 60_000;

interface Burst {
  ended: boolean;
  /** Lines received before the kernel reports idle. */
  inTime: number;
  late: number;
  inOrder: boolean;
}

/** The code for showing HTML in each kernel. */
const SHOW_HTML: Readonly<Record<OtherKernel['name'], (html: string) => string>> = {
  tslab: (html) => `import { display } from 'tslab'; display.html(${html})`,
  Deno: (html) => `await Deno.jupyter.display({ 'text/html': ${html} }, { raw: true })`,
  ijavascript: (html) => `$$.html(${html})`,
};

export const OUTPUT: readonly Probe[] = [
  {
    row: 'a burst of 5000 lines',
    try: (kernel) => worstOf(kernel, 5000),
  },
  {
    row: '100 000 lines, a display of 20 MB',
    async try(kernel) {
      const lines = await worstOf(kernel, 100_000);
      const display = await inTrial(kernel, showsLargeDisplay);
      return lines === WHOLE && display ? 'whole and in order' : `${lines}; display ${display ? 'whole' : 'lost'}`;
    },
  },
  { row: 'a slow reader', try: (kernel) => inTrial(kernel, slowReader) },
  {
    row: 'output that comes after its cell',
    try: (kernel) =>
      inTrial(kernel, async (trial) => {
        const first = await trial.run("setTimeout(() => console.log('late'), 1500); 1");
        const wait = kernel.language === 'typescript' ? AWAIT_TWO_SECONDS : TAKE_TWO_SECONDS;
        const second = await trial.run(wait);
        if (second.text.includes('late')) return 'goes to the cell that runs';
        const late = trial.late.find(({ content }) => String(content.text ?? '').includes('late'));
        return late?.parent.msg_id === first.id ? 'goes to that cell' : 'lost';
      }),
  },
  {
    row: 'lines of native code',
    try: (kernel) =>
      inTrial(kernel, async (trial) => {
        const load =
          kernel.language === 'typescript'
            ? "import { spawnSync } from 'node:child_process';"
            : "const { spawnSync } = require('child_process');";
        // Like the output of native code, this does not pass through JavaScript.
        const { text } = await trial.run(`${load} spawnSync('echo', ['from below'], { stdio: 'inherit' });`);
        if (text.includes('from below')) return 'in the cell';
        return trial.log.includes('from below') ? "in the server's log" : 'lost';
      }),
  },
];

const AWAIT_TWO_SECONDS = 'await new Promise((resolve) => setTimeout(resolve, 2000))';
const TAKE_TWO_SECONDS = '$$.async(); setTimeout(() => $$.done(), 2000);';

const WHOLE = 'all, in order, before idle';
/** Output lost in a race is not lost every time. */
const BURSTS = 3;

async function worstOf(kernel: OtherKernel, count: number): Promise<string> {
  const bursts: Burst[] = [];
  for (let i = 0; i < BURSTS; i += 1) bursts.push(await inTrial(kernel, (trial) => burst(trial, count)));
  const losing = bursts.filter(({ inTime, late }) => inTime + late < count);
  if (losing.length > 0) return `some are lost${losing.some(({ ended }) => ended) ? '' : ', and the cell never ends'}`;
  const isWhole = bursts.every(({ ended, late, inOrder }) => ended && late === 0 && inOrder);
  return isWhole ? WHOLE : 'some only after idle';
}

async function burst(trial: Trial, count: number): Promise<Burst> {
  let before = '';
  const { ended, stdout } = await trial.run(
    `for (let i = 0; i < ${count}; i++) console.log('line ' + i);`,
    LONG_MS / 3,
    ({ content }) => {
      before += content.name === 'stdout' ? content.text : '';
    },
  );
  await trial.silence();
  const late = trial.late.map(({ content }) => content.text ?? '').join('');
  const expected = Array.from({ length: count }, (_, i) => `line ${i}\n`).join('');
  const linesOf = (text: string): number => text.split('\n').length - 1;
  return {
    ended,
    inTime: linesOf(before),
    late: linesOf(stdout) - linesOf(before) + linesOf(late),
    inOrder: expected.startsWith(stdout + late),
  };
}

async function showsLargeDisplay(trial: Trial): Promise<boolean> {
  let length = 0;
  for (const size of [1000, 20e6]) {
    const code = SHOW_HTML[trial.kernel.name](`'x'.repeat(${size})`);
    const { messages } = await trial.run(code, LONG_MS / 3);
    await trial.silence();
    const shown = [...messages, ...trial.late].map(({ content }) => (content.data as JsonObject)?.['text/html'] ?? '');
    length = Math.max(...shown.map((html) => [html].flat().join('').length));
    if (size === 1000 && length !== size) throw new Error(`${trial.kernel.name} does not show HTML this way`);
  }
  return length === 20e6;
}

/** A second client that does not read for a while. */
async function slowReader(trial: Trial): Promise<string> {
  const lines = 50_000;
  const slow = new zmq.Subscriber({ linger: 0, receiveHighWaterMark: 1 });
  slow.connect(address(trial.client.connection, 'iopub'));
  slow.subscribe();
  try {
    await sleep(1000);
    const code = `for (let i = 0; i < ${lines}; i++) console.log('x'.repeat(1000));`;
    const flood = trial.run(code, LONG_MS);
    await Promise.race([flood, sleep(LONG_MS / 3)]);
    const held = !(await Promise.race([flood, sleep(0, undefined)]))?.ended;
    const read = await readSlowly(slow);
    if (read < lines * 1000) return 'output is lost';
    return held ? 'the cell waits for it' : 'output is buffered in memory';
  } finally {
    slow.close();
  }
}

/** Number of characters received until the output stops. */
async function readSlowly(reader: zmq.Subscriber): Promise<number> {
  let length = 0;
  for (;;) {
    const frames = await Promise.race([reader.receive(), sleep(SILENCE_MS, undefined)]);
    if (frames === undefined) return length;
    length += frames.reduce((sum, frame) => sum + (frame.toString().match(/x/g)?.length ?? 0), 0);
  }
}
