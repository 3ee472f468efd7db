import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../../src/kernel/jupyter-protocol';
import { KernelClient, type KernelMessage } from '../../../src/repl/kernel-client';
import { type OtherKernel, tcpConnection } from '../../helpers/other-kernels.cjs';

/** The result of a cell. */
export interface Ran {
  /** Whether its reply and the idle status have arrived. */
  ended: boolean;
  ok: boolean;
  stdout: string;
  /** Its value; tslab prints the value instead. */
  value: string;
  /** All displayed output. */
  text: string;
  messages: readonly KernelMessage[];
  id: string;
}

export interface TrialOptions {
  folder?: string;
  env?: NodeJS.ProcessEnv;
}

const PATIENCE_MS = 20_000;
const START_MS = 60_000;
const SETTLE_MS = 300;
/** After this time without messages, all output has arrived. */
export const SILENCE_MS = 3000;

export class Trial {
  /** Output of cells that had ended. */
  readonly late: KernelMessage[] = [];
  /** Output on the streams of the kernel's process. */
  log = '';

  private constructor(
    readonly client: KernelClient,
    readonly kernel: OtherKernel,
    readonly folder: string,
  ) {
    client.onLateOutput = (message) => this.late.push(message);
    for (const stream of [client.process.stdout, client.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        this.log += text;
      });
    }
  }

  /**
   * Starts a kernel that runs cells. If it never answers its first cell, which sometimes happens with tslab, it is
   * restarted.
   */
  static async start(kernel: OtherKernel, options: TrialOptions = {}): Promise<Trial> {
    for (let attempt = 1; ; attempt++) {
      const trial = await Trial.begin(kernel, options);
      const answers = trial.firstCell().then(() => true);
      if (await Promise.race([answers, sleep(START_MS, false, { ref: false })])) return trial;
      process.kill(-(trial.client.process.pid as number), 'SIGKILL');
      await trial.client.close();
      if (attempt === 3) throw new Error(`${kernel.name} answered no cell in three starts of ${START_MS} ms`);
    }
  }

  private static async begin(
    kernel: OtherKernel,
    { folder = temporaryFolder(), env = {} }: TrialOptions,
  ): Promise<Trial> {
    const client = KernelClient.start({
      argv: kernel.argv,
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', ...env },
      connection: await tcpConnection(),
      stderr: 'pipe',
    });
    return new Trial(client, kernel, folder);
  }

  private async firstCell(): Promise<void> {
    const { client } = this;
    client.endsWith = 'reply';
    await client.ready();
    // Kernels that report readiness early may still be loading.
    await client.execute('1');
    await sleep(200);
    client.endsWith = 'idle';
  }

  async run(
    code: string,
    patienceMs: number = PATIENCE_MS,
    onMessage: (message: KernelMessage) => void = () => {},
  ): Promise<Ran> {
    const shown: KernelMessage[] = [];
    const done = this.client.execute(code, (message) => {
      shown.push(message);
      onMessage(message);
    });
    const reply = await Promise.race([done, sleep(patienceMs, undefined, { ref: false })]);
    // Some kernels send output after the idle status, and run nothing for a while after an error.
    await sleep(SETTLE_MS);
    const id = shown[0]?.parent.msg_id;
    const isOwn = ({ parent }: KernelMessage): boolean => parent.msg_id === id;
    shown.push(...this.late.filter(isOwn));
    this.late.splice(0, this.late.length, ...this.late.filter((message) => !isOwn(message)));
    const texts = shown.map(({ header, content }) => textOf(header.msg_type, content));
    const stdout = shown.filter(({ content }) => content.name === 'stdout').map(({ content }) => content.text);
    const values = shown.filter(({ header }) => header.msg_type === 'execute_result');
    const value = values.map(({ content }) => String((content.data as JsonObject)['text/plain'])).join('');
    return {
      ended: reply !== undefined,
      ok: reply?.status === 'ok',
      stdout: stdout.join(''),
      value: stripped(value || stdout.join('').trim()),
      text: stripped(texts.join('')),
      messages: shown,
      id: id ?? '',
    };
  }

  /** Settles when no more output comes. */
  async silence(): Promise<void> {
    for (let heard = -1; heard !== this.late.length; ) {
      heard = this.late.length;
      await sleep(SILENCE_MS);
    }
  }

  /**
   * Interrupts by signal, like Jupyter for kernels whose kernelspec does not request a message; none of these does.
   */
  interrupt(): void {
    process.kill(-(this.client.process.pid as number), 'SIGINT');
  }

  get alive(): boolean {
    return this.client.process.exitCode === null && this.client.process.signalCode === null;
  }

  async close(): Promise<void> {
    if (this.alive) process.kill(-(this.client.process.pid as number), 'SIGKILL');
    await this.client.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a test in a new kernel. */
export async function inTrial<T>(
  kernel: OtherKernel,
  work: (trial: Trial) => Promise<T>,
  options: TrialOptions = {},
): Promise<T> {
  const trial = await Trial.start(kernel, options);
  try {
    return await work(trial);
  } finally {
    await trial.close();
  }
}

export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'paddlelab-other-'));
}

/** The output of a program for an input. */
export function printed(command: readonly string[], input: string): Promise<string> {
  return new Promise((resolve) => {
    const [program = '', ...args] = command;
    const child = spawn(program, args, { env: { ...process.env, NO_COLOR: '1' }, stdio: ['pipe', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    child.on('close', () => resolve(text));
    child.stdin.end(input);
  });
}

function textOf(type: string, content: JsonObject): string {
  if (type === 'stream') return String(content.text);
  if (type === 'error') return `${content.ename}: ${content.evalue}\n${(content.traceback as string[]).join('\n')}`;
  return String((content.data as JsonObject | undefined)?.['text/plain'] ?? '');
}

function stripped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of.
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}
