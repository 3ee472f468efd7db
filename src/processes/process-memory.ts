import { freemem } from 'node:os';
import { readFileSync } from '../files/fs';
import { runProcess } from './run-process';

/** Memory of a process in bytes; undefined once it has ended. */
export interface ProcessMemory {
  readonly now: number;
  readonly peak: number;
}

export function memoryOf(pid: number): ProcessMemory | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string): number =>
      Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
    const peak = field('VmHWM');
    return peak === 0 ? undefined : { now: field('VmRSS'), peak };
  } catch {
    return undefined;
  }
}

/** Available memory in bytes: of the machine or of this process's container, whichever is less. */
export function availableBytes(): number {
  const found = /^MemAvailable:\s*(\d+) kB/m.exec(readMeminfo())?.[1];
  const machine = found === undefined ? freemem() : Number(found) * 1024;
  // Node 20.13 and later; older typings lack it.
  const own = (process as unknown as { availableMemory?(): number }).availableMemory?.() ?? machine;
  return own > 0 ? Math.min(machine, own) : machine;
}

function readMeminfo(): string {
  try {
    return readFileSync('/proc/meminfo', 'utf8');
  } catch {
    return '';
  }
}

/** GPU memory of a process in bytes, as reported by nvidia-smi; undefined if unknown. */
export async function gpuMemoryOf(pid: number): Promise<number | undefined> {
  const query = ['--query-compute-apps=pid,used_memory', '--format=csv,noheader,nounits'];
  const { code, stdout } = await runProcess(['nvidia-smi'], query, { timeout: 10_000 });
  if (code !== 0) return undefined;
  const own = stdout.split('\n').map((line) => line.split(',').map(Number));
  const used = own.filter(([owner]) => owner === pid).reduce((sum, [, mebibytes = 0]) => sum + mebibytes, 0);
  return used > 0 ? used * 2 ** 20 : undefined;
}
