import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { distFile } from '../../src/package-root';
import { projectRoot } from '../helpers/project';

/** `paddlelab serve` in a process of its own, on a free port. */
export class ServedProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly url: string,
    /** With `--grpc-port` only. */
    readonly grpcUrl: string | undefined,
    /** What it has written on standard error so far. */
    readonly stderr: () => string,
    /** Its exit code. */
    readonly ended: Promise<number | null>,
  ) {}

  /** Resolves when its models are ready. */
  static async start(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ServedProcess> {
    const words = [distFile('cli/main.js'), 'serve', ...argv, '--port', '0', '--engine', 'plain', '--cpu-threads', '1'];
    const child = spawn(process.execPath, words, { cwd: projectRoot, env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = once(child, 'close').then(([code]) => code as number | null);
    const ready = new Promise<readonly string[]>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        const found = /^Serving .+ at (http:\S+)(?: and (grpc:\S+))?\n/.exec(stdout);
        if (found !== null) resolve(found.slice(1));
      });
    });
    const failed = ended.then((code) => Promise.reject(new Error(`serve ended with ${code}: ${stderr}`)));
    const [url, grpcUrl] = await Promise.race([ready, failed]);
    failed.catch(() => undefined);
    return new ServedProcess(child, url!, grpcUrl, () => stderr, ended);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Its memory in bytes. */
  memory(): number {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))!;
    return Number(kilobytes) * 1024;
  }

  /** Asks it to end. @returns its exit code */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}
