import { setTimeout as sleep } from 'node:timers/promises';
import * as zmq from 'zeromq';
import { address } from '../../../src/kernel/protocol';
import type { OtherKernel } from '../../helpers/other-kernels.cjs';
import type { Probe } from './probe';
import { inTrial, type Trial } from './trial';

/** A reader that hears nothing for so long has heard everything. */
const SILENCE_MS = 3000;
const LONG_MS = 60_000;

interface Burst {
  ended: boolean;
  /** Lines before the word that the kernel is idle. */
  inTime: number;
  late: number;
  inOrder: boolean;
}

/** How each kernel shows HTML. */
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
  { row: 'a reader that is slow', try: (kernel) => inTrial(kernel, slowReader) },
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
        // What native code writes takes no way through JavaScript either.
        const { text } = await trial.run(`${load} spawnSync('echo', ['from below'], { stdio: 'inherit' });`);
        if (text.includes('from below')) return 'in the cell';
        return trial.log.includes('from below') ? "in the server's log" : 'lost';
      }),
  },
];

const AWAIT_TWO_SECONDS = 'await new Promise((resolve) => setTimeout(resolve, 2000))';
const TAKE_TWO_SECONDS = '$$.async(); setTimeout(() => $$.done(), 2000);';

const WHOLE = 'all, in order, before idle';
const FATES = [WHOLE, 'some only after idle', 'some are lost', 'some are lost, and the cell never ends'];
/** What is lost in a race is not lost every time. */
const BURSTS = 3;

async function worstOf(kernel: OtherKernel, count: number): Promise<string> {
  let worst = 0;
  for (let i = 0; i < BURSTS; i += 1) {
    const fate = await inTrial(kernel, async (trial) => fateOf(await burst(trial, count), count));
    worst = Math.max(worst, FATES.indexOf(fate));
  }
  return FATES[worst] ?? '';
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
  for (let heard = -1; heard !== trial.late.length; ) {
    heard = trial.late.length;
    await sleep(SILENCE_MS);
  }
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

function fateOf({ ended, inTime, late, inOrder }: Burst, count: number): string {
  if (ended && inTime === count && inOrder) return WHOLE;
  if (inTime + late >= count) return 'some only after idle';
  return ended ? 'some are lost' : 'some are lost, and the cell never ends';
}

async function showsLargeDisplay(trial: Trial): Promise<boolean> {
  let length = 0;
  const take = ({ content }: { content: Record<string, unknown> }): void => {
    const html = (content.data as Record<string, unknown> | undefined)?.['text/html'];
    if (html !== undefined) length = [html].flat().join('').length;
  };
  for (const size of [1000, 20e6]) {
    length = 0;
    await trial.run(SHOW_HTML[trial.kernel.name](`'x'.repeat(${size})`), LONG_MS / 3, take);
    await sleep(SILENCE_MS);
    trial.late.forEach(take);
    if (size === 1000 && length !== size) throw new Error(`${trial.kernel.name} does not show HTML this way`);
  }
  return length === 20e6;
}

/** Another client that does not read for a while. */
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
    return held ? 'the cell waits for it' : 'output waits in memory';
  } finally {
    slow.close();
  }
}

/** How many characters come until there is silence. */
async function readSlowly(reader: zmq.Subscriber): Promise<number> {
  let length = 0;
  for (;;) {
    const frames = await Promise.race([reader.receive(), sleep(SILENCE_MS, undefined)]);
    if (frames === undefined) return length;
    length += frames.reduce((sum, frame) => sum + (frame.toString().match(/x/g)?.length ?? 0), 0);
  }
}
