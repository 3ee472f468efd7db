import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';

export type CpuEngine = 'plain' | 'onednn' | 'openvino';

/** A model on disk with its inputs, which are float32 files. */
export interface LoadRequest {
  readonly program: string;
  readonly params: string;
  readonly engine: CpuEngine;
  /** Folder of the Paddle to load. */
  readonly runtime?: string;
  readonly threads?: number;
  readonly inputs?: Readonly<Record<string, { readonly shape: readonly number[]; readonly file: string }>>;
  /** Prefix of the output files. */
  readonly save?: string;
}

export interface OutputDigest {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly digest: string;
}

export type LoadAnswer =
  | { readonly kind: 'works'; readonly outputs: readonly OutputDigest[] }
  | { readonly kind: 'error'; readonly code: string | undefined; readonly coded: boolean; readonly message: string }
  | { readonly kind: 'died'; readonly how: string }
  | { readonly kind: 'hung' };

/** A process that loads one model after another; if it dies, it is replaced. */
export class LoadHost {
  private child: ChildProcess | undefined;

  ask(request: LoadRequest, timeoutMs: number): Promise<LoadAnswer> {
    this.child ??= fork(path.join(__dirname, 'load-host.cjs'), {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const { child } = this;
    return new Promise((resolve) => {
      const finish = (answer: LoadAnswer): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (answer.kind === 'died' || answer.kind === 'hung') this.end();
        resolve(answer);
      };
      const timer = setTimeout(() => finish({ kind: 'hung' }), timeoutMs);
      child.once('message', (answer) => finish(answer as LoadAnswer));
      child.once('exit', (code, signal) => finish({ kind: 'died', how: signal ?? `exit ${code}` }));
      child.send(request);
    });
  }

  end(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }
}

/** Works, or fails with a coded error. */
export function isCivil(answer: LoadAnswer): boolean {
  return answer.kind === 'works' || (answer.kind === 'error' && answer.coded);
}

/** "works 40, MODEL_DAMAGED 304, of 344" */
export function countAnswers(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return `${[...counts].map(([name, number]) => `${name} ${number}`).join(', ')}, of ${names.length}`;
}

export function nameOfAnswer(answer: LoadAnswer): string {
  return answer.kind === 'error' ? (answer.code ?? 'error without a code') : answer.kind;
}
