import os from 'node:os';
import { packageVersion } from '../package-root';
import { findDevices } from '../runtime/devices';

/** The machine of a comparison, so that reports can be compared. */
export interface MachineFacts {
  readonly cpu: string;
  /** Hardware threads available to the process. */
  readonly threads: number;
  /** The CPU's features among AVX, AVX2, AVX512, VNNI and AMX, or those of arm64, with Linux' names. */
  readonly cpuFeatures: readonly string[];
  /** In bytes. */
  readonly memory: number;
  readonly gpus: readonly string[];
  /** Kernel and its release. */
  readonly system: string;
  readonly node: string;
  readonly paddlelab: string;
}

let facts: Promise<MachineFacts> | undefined;

export function machineFacts(): Promise<MachineFacts> {
  facts ??= findFacts();
  return facts;
}

async function findFacts(): Promise<MachineFacts> {
  const { cpu, gpus } = await findDevices();
  return {
    cpu: cpu.model,
    threads: cpu.threads,
    cpuFeatures: cpu.features,
    memory: os.totalmem(),
    gpus: gpus.map(({ name, driver }) => `${name} (driver ${driver})`),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    paddlelab: packageVersion(),
  };
}
