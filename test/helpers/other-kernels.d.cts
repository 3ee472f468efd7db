import type { Connection } from '../../src/kernel/jupyter-protocol';

/** A kernel that this one is compared with. */
export interface OtherKernel {
  name: 'tslab' | 'Deno' | 'ijavascript';
  version: string;
  language: 'typescript' | 'javascript';
  /** The command of its kernelspec. */
  argv: string[];
}

export function ensureOtherKernels(): OtherKernel[] | undefined;
export function otherKernelsAtHand(): OtherKernel[];
export function tcpConnection(): Promise<Connection>;
