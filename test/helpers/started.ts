import { type ChildProcess, spawn } from 'node:child_process';
import { distFile } from '../../src/package-root';
import type { ProcessResult } from './project';

/** A `paddlelab` that runs while the test goes on. */
export class StartedCli {
  stdout = '';
  stderr = '';
  readonly ended: Promise<ProcessResult>;
  private readonly child: ChildProcess;

  constructor(argv: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}) {
    const env = { ...process.env, ...options.env };
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn(process.execPath, [distFile('cli/main.js'), ...argv], { cwd: options.cwd, env, stdio });
    this.child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<ProcessResult> {
    this.child.kill(signal);
    return this.ended;
  }

  /** Waits for a text on standard error. */
  said(text: string | RegExp): Promise<void> {
    const is = (): boolean => (typeof text === 'string' ? this.stderr.includes(text) : text.test(this.stderr));
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!is()) return;
        this.child.stderr?.off('data', look);
        resolve();
      };
      this.child.stderr?.on('data', look);
      this.child.once('close', () =>
        is() ? resolve() : reject(new Error(`It ended without ${text}: ${this.stderr}`)),
      );
      look();
    });
  }
}
