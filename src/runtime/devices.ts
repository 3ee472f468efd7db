import os from 'node:os';
import { readFile } from '../files/fs';
import { runProcess } from '../processes/run-process';

/** The CPU properties that decide which engines and precisions work, and which are fast. */
export interface CpuDevice {
  model: string;
  /** Hardware threads that this process may use. */
  threads: number;
  /** Instruction sets that oneDNN and OpenVINO may use, as limited by `ONEDNN_MAX_CPU_ISA`. */
  features: CpuFeature[];
}

export interface GpuDevice {
  index: number;
  name: string;
  /** Bytes. */
  memory: number;
  driver: string;
  uuid?: string;
  /** Times ten: 86 is 8.6. Missing if the driver's tool does not report it. */
  computeCapability?: number;
}

const CPU_FEATURES = [
  ...(['avx', 'avx2', 'avx_vnni', 'avx_vnni_int8', 'avx_ne_convert'] as const),
  ...(['avx512f', 'avx512bw', 'avx512vl', 'avx512dq', 'avx512_vnni', 'avx512_bf16', 'avx512_fp16'] as const),
  ...(['amx_bf16', 'amx_int8'] as const),
  // Of arm64.
  ...(['asimd', 'asimdhp', 'asimddp', 'sve', 'sve2', 'bf16', 'i8mm'] as const),
] as const;

export type CpuFeature = (typeof CPU_FEATURES)[number];

const AVX2: readonly CpuFeature[] = ['avx', 'avx2'];
const AVX512: readonly CpuFeature[] = [...AVX2, 'avx512f', 'avx512bw', 'avx512vl', 'avx512dq'];
const AVX512_BF16: readonly CpuFeature[] = [...AVX512, 'avx512_vnni', 'avx512_bf16'];

/**
 * The instruction sets that oneDNN, in Paddle and in OpenVINO, uses for each value of `ONEDNN_MAX_CPU_ISA`; any other
 * value means no limit.
 */
const ISA_LIMITS: Readonly<Record<string, readonly CpuFeature[]>> = {
  SSE41: [],
  AVX: ['avx'],
  AVX2,
  AVX2_VNNI: [...AVX2, 'avx_vnni'],
  AVX2_VNNI_2: [...AVX2, 'avx_vnni', 'avx_vnni_int8', 'avx_ne_convert'],
  AVX512_CORE: AVX512,
  AVX512_CORE_VNNI: [...AVX512, 'avx512_vnni'],
  AVX512_CORE_BF16: AVX512_BF16,
  AVX512_CORE_FP16: [...AVX512_BF16, 'avx512_fp16'],
  AVX10_1_512: [...AVX512_BF16, 'avx512_fp16'],
};

export interface Devices {
  cpu: CpuDevice;
  gpus: GpuDevice[];
}

/** The devices of this machine. GPUs are those listed by nvidia-smi; without that tool there are none. */
export async function findDevices(): Promise<Devices> {
  const [cpu, gpus] = await Promise.all([findCpu(), findGpus()]);
  return { cpu, gpus };
}

/**
 * The CPU of this machine. `PADDLELAB_CPUINFO` names a file to read in place of `/proc/cpuinfo`; tests use it to
 * simulate another CPU.
 *
 * @throws PaddleLabError FILE_NOT_FOUND if that can't be read
 */
export async function findCpu(environment: NodeJS.ProcessEnv = process.env): Promise<CpuDevice> {
  const named = environment.PADDLELAB_CPUINFO;
  const text = named ? await readFile(named, 'utf8') : await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const cpu = parseCpuInfo(text, os.availableParallelism());
  const limit = ISA_LIMITS[(environment.ONEDNN_MAX_CPU_ISA ?? environment.DNNL_MAX_CPU_ISA ?? '').toUpperCase()];
  return limit === undefined ? cpu : { ...cpu, features: cpu.features.filter((feature) => limit.includes(feature)) };
}

export function parseCpuInfo(text: string, threads: number): CpuDevice {
  const field = (name: string): string | undefined => new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(text)?.[1];
  const flags = new Set((field('flags') ?? field('Features') ?? '').split(/\s+/));
  const features = CPU_FEATURES.filter((feature) => flags.has(feature));
  return { model: field('model name') ?? armModel(field) ?? 'unknown', threads, features };
}

/** Linux on arm64 names no models: only the numbers of who designed the core, and of the core. */
function armModel(field: (name: string) => string | undefined): string | undefined {
  const [implementer, part] = [field('CPU implementer'), field('CPU part')];
  return implementer && part && `arm64 (implementer ${implementer}, part ${part})`;
}

async function findGpus(): Promise<GpuDevice[]> {
  const fields = 'index,name,memory.total,driver_version';
  // nvidia-smi before CUDA 11.6 rejects the whole query if it does not know one field.
  for (const query of [`${fields},uuid,compute_cap`, fields]) {
    // A faulty driver can hang the tool.
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
