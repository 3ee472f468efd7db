import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../../src/kernel/jupyter-protocol';
import type { OtherKernel } from '../../helpers/other-kernels.cjs';
import type { Probe } from './probe';
import { inTrial, printed, type Trial } from './trial';

const INTERRUPT_MS = 5000;
const REPLY_MS = 5000;

/** Endless code, by its description. */
const ENDLESS: Readonly<Record<OtherKernel['language'], Readonly<Record<string, string>>>> = {
  typescript: {
    'a loop': "console.log('on'); for (;;);",
    'a loop after an await': "await null; console.log('on'); for (;;);",
    'a promise that never settles': "console.log('on'); await new Promise(() => {});",
  },
  javascript: {
    'a loop': "console.log('on'); for (;;);",
    'a loop after an await': "$$.async(); setTimeout(() => { console.log('on'); for (;;); }, 0);",
    'a promise that never settles': "$$.async(); console.log('on');",
  },
};

/** Enough memory for the kernel, but soon full. */
const LITTLE_MEMORY = {
  NODE_OPTIONS: '--max-old-space-size=200',
  DENO_V8_FLAGS: '--max-old-space-size=200',
};

export const LIFE: readonly Probe[] = [
  {
    row: 'interrupt',
    async try(kernel) {
      const fates = new Map<string, string[]>();
      for (const [name, code] of Object.entries(ENDLESS[kernel.language])) {
        const fate = await inTrial(kernel, (trial) => fateOf(trial, code));
        fates.set(fate, [...(fates.get(fate) ?? []), name]);
      }
      const kept = fates.get(KEPT) ?? [];
      if (kept.length === Object.keys(ENDLESS[kernel.language]).length) return 'ends loops anywhere, variables stay';
      if (kept.length === 0) return WORST_FIRST.find((fate) => fates.has(fate)) ?? [...fates.keys()].join('; ');
      return [...fates].map(([fate, names]) => `${names.join(', ')}: ${fate}`).join('; ');
    },
  },
  {
    row: 'questions: `prompt`, `confirm`, `password`',
    try: (kernel) =>
      inTrial(kernel, async (trial) => {
        trial.client.onInput = async () => 'y';
        const asks = async (code: string, answer: string): Promise<boolean> =>
          (await trial.run(code, REPLY_MS)).text.includes(answer);
        const known: string[] = [];
        if (await asks("console.log('<' + prompt('Name?') + '>')", '<y>')) known.push('`prompt`');
        if (await asks("console.log('<' + confirm('Sure?') + '>')", '<true>')) known.push('`confirm`');
        const input =
          "$$.input({ prompt: 'Name?' }, (error, reply) => console.log('<' + JSON.stringify(reply) + '>')); 1";
        if (await asks(input, '"y"')) known.push('`$$.input`');
        return known.length === 0 ? 'no' : known.join(', ');
      }),
  },
  {
    row: 'magics',
    try: (kernel) => inTrial(kernel, async (trial) => ((await trial.run('%lsmagic')).ok ? 'yes' : 'no')),
  },
  {
    row: '`process.exit` in a cell',
    try: (kernel) =>
      inTrial(kernel, async (trial) => {
        const { text } = await trial.run('process.exit(3)', REPLY_MS);
        const words = text === '' ? ' without a message' : '';
        if (!trial.alive) return `ends the kernel${words}`;
        const next = await trial.run('6 * 7', REPLY_MS);
        return next.value === '42'
          ? 'the kernel goes on'
          : `ends the process that runs cells${words}; no later cell ends`;
      }),
  },
  {
    row: "the reason of a kernel's death, in the cell",
    try: (kernel) =>
      inTrial(
        kernel,
        async (trial) => {
          const { text } = await trial.run('const hold = []; for (;;) hold.push(new Array(1e5).fill(1.5));');
          return /memory/i.test(text) ? 'yes' : 'no';
        },
        { env: LITTLE_MEMORY },
      ),
  },
  {
    row: 'history',
    async try(kernel) {
      const own = await inTrial(kernel, async (trial) => {
        await trial.run('const before = 1;');
        return history(trial);
      });
      if (own === undefined) return 'no reply';
      const later = await inTrial(kernel, history);
      if (later?.includes('const before')) return 'across sessions';
      return own.includes('const before') ? 'of the session' : 'always empty';
    },
  },
  {
    row: 'the same at a prompt, with pictures',
    async try({ name, argv: [program = '', script = ''] }) {
      if (name === 'Deno') {
        const text = await printed([program, 'repl'], '6 * 7\n');
        return text.includes('42') ? '`deno repl`, without pictures' : 'no';
      }
      const console = path.join(path.dirname(script), '../bin/ijsconsole.js');
      return existsSync(console) ? "through Jupyter's console" : 'no';
    },
  },
];

const KEPT = 'ends, variables stay';
const GONE = 'ends, variables are gone';
const HANGS = 'hangs the kernel';
const DIES = 'ends the kernel';
const WORST_FIRST: readonly string[] = [HANGS, DIES, GONE];

async function fateOf(trial: Trial, code: string): Promise<string> {
  await trial.run('let kept = 41;');
  let asked = false;
  const { ended } = await trial.run(code, INTERRUPT_MS, ({ content }) => {
    if (asked || !String(content.text ?? '').includes('on')) return;
    asked = true;
    setTimeout(() => trial.interrupt(), 500);
  });
  await sleep(1000);
  if (!trial.alive) return DIES;
  const after = await trial.run('kept + 1', REPLY_MS);
  if (after.value === '42') return ended ? KEPT : 'no word that it ended, variables stay';
  return after.ended ? GONE : HANGS;
}

async function history(trial: Trial): Promise<string | undefined> {
  const content = { hist_access_type: 'tail', n: 10, output: false, raw: true };
  const reply = trial.client.request('history_request', content);
  const got: JsonObject | undefined = await Promise.race([reply, sleep(REPLY_MS, undefined)]);
  return got === undefined ? undefined : JSON.stringify(got.history);
}
