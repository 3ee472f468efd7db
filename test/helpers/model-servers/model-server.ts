import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a script of this folder is started with. */
export interface ServerCommand {
  readonly python: string;
  readonly args: readonly string[];
  /** Of the server; both are free ones of this machine. */
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Answers 200 when the server is ready. */
  readonly readyPath: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Real servers start in seconds, but not on a machine with other work. */
const patienceMs = 300_000;

/** A real server with a model, which a test stops, kills and starts again on the same ports. */
export class ModelServer {
  readonly url: string;
  readonly grpcUrl: string;
  private child: ChildProcess | undefined;
  private printed = '';

  constructor(
    readonly title: string,
    readonly model: string,
    readonly folder: string,
    private readonly command: ServerCommand,
  ) {
    this.url = `http://127.0.0.1:${command.httpPort}`;
    this.grpcUrl = `127.0.0.1:${command.grpcPort}`;
  }

  /** Starts it and waits until the model is ready. */
  async start(): Promise<this> {
    const { python, args, env: own } = this.command;
    this.printed = '';
    const env = { ...process.env, TMPDIR: this.folder, PYTHONDONTWRITEBYTECODE: '1', ...own };
    // A process group, because servers start others.
    const child = spawn(python, args, { cwd: this.folder, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.printed = (this.printed + text).slice(-20_000);
        child.emit('printed');
      });
    }
    const limit = Date.now() + patienceMs;
    while (!(await this.isReady())) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${this.title} ended: ${this.printed}`);
      if (Date.now() > limit) throw new Error(`${this.title} is not ready: ${this.printed}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return this;
  }

  private async isReady(): Promise<boolean> {
    const answer = await fetch(`${this.url}${this.command.readyPath}`).catch(() => undefined);
    await answer?.arrayBuffer();
    return answer?.status === 200;
  }

  /** Each request then takes this long; `0` ends that. */
  delay(seconds: number): void {
    const file = path.join(this.folder, 'delay');
    if (seconds === 0) rmSync(file, { force: true });
    else writeFileSync(file, String(seconds));
  }

  /** Resolves when a request of a server with a delay is being computed. */
  async slowRequest(): Promise<void> {
    const { child } = this;
    while (!this.printed.includes('a slow request began')) {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`${this.title} ended: ${this.printed}`);
      }
      const heard = new AbortController();
      const events = ['printed', 'exit'].map((event) => once(child, event, { signal: heard.signal }));
      await Promise.race(events).finally(() => {
        Promise.allSettled(events);
        heard.abort();
      });
    }
    this.printed = '';
  }

  /** Ends it at once, in whatever it does. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Ends it as an operator does; what does not end is killed. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.signal('SIGKILL'), 30_000);
    await this.end('SIGTERM');
    clearTimeout(timer);
    // What the server had started and left.
    this.signal('SIGKILL');
    this.child = undefined;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'exit');
    this.signal(signal);
    await closed;
  }

  private signal(signal: NodeJS.Signals): void {
    try {
      if (this.child?.pid !== undefined) process.kill(-this.child.pid, signal);
    } catch {
      // The group has ended.
    }
  }
}
