import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { runProcess } from './processes';

/** What of a CPU decides which engine and precision is fast. */
export interface CpuDevice {
  model: string;
  /** Hardware threads that this process may use. */
  threads: number;
  features: CpuFeature[];
}

export interface GpuDevice {
  index: number;
  name: string;
  /** Bytes. */
  memory: number;
  driver: string;
  uuid?: string;
  /** Times ten: 86 is 8.6. Missing where the driver's tool does not tell. */
  computeCapability?: number;
}

const CPU_FEATURES = ['avx', 'avx2', 'avx512f', 'avx512_vnni', 'amx_bf16', 'amx_int8'] as const;

export type CpuFeature = (typeof CPU_FEATURES)[number];

export interface Devices {
  cpu: CpuDevice;
  gpus: GpuDevice[];
}

/** The devices of this machine. GPUs are those that NVIDIA's own tool lists; without the tool there are none. */
export async function findDevices(): Promise<Devices> {
  const [text, gpus] = await Promise.all([readFile('/proc/cpuinfo', 'utf8').catch(() => ''), findGpus()]);
  return { cpu: parseCpuInfo(text, os.availableParallelism()), gpus };
}

export function parseCpuInfo(text: string, threads: number): CpuDevice {
  const model = /^model name\s*:\s*(.*)$/m.exec(text)?.[1] ?? 'unknown';
  const flags = new Set((/^flags\s*:\s*(.*)$/m.exec(text)?.[1] ?? '').split(/\s+/));
  return { model, threads, features: CPU_FEATURES.filter((feature) => flags.has(feature)) };
}

async function findGpus(): Promise<GpuDevice[]> {
  const fields = 'index,name,memory.total,driver_version';
  // Tools from before CUDA 11.6 refuse a question that they don't know, with all others.
  for (const query of [`${fields},uuid,compute_cap`, fields]) {
    // A driver in trouble can hang the tool.
    const options = { timeout: 10_000 };
    const { code, stdout } = await runProcess(
      ['nvidia-smi'],
      [`--query-gpu=${query}`, '--format=csv,noheader,nounits'],
      options,
    );
    if (code === 0) return parseGpus(stdout);
    if (code === null) return [];
  }
  return [];
}

export function parseGpus(text: string): GpuDevice[] {
  const gpus: GpuDevice[] = [];
  for (const line of text.split('\n')) {
    const [index, name, memory, driver, uuid, capability] = line.split(',').map((cell) => cell.trim());
    if (name === undefined || driver === undefined || !/^\d+$/.test(index ?? '')) continue;
    gpus.push({
      ...{ index: Number(index), name, memory: Number(memory) * 2 ** 20, driver },
      ...(uuid === undefined ? {} : { uuid }),
      ...(/^\d+\.\d$/.test(capability ?? '') ? { computeCapability: Number(capability?.replace('.', '')) } : {}),
    });
  }
  return gpus;
}
