import type { CpuDevice, CpuFeature } from '../runtime/devices';
import type { Precision } from './config/precision';
import { type Engine, usesOnednn, whyNotOfEngine } from './engine';

/** What oneDNN calls AVX-512: the instruction sets of Skylake servers. */
const avx512: readonly CpuFeature[] = ['avx512f', 'avx512bw', 'avx512vl', 'avx512dq'];
const avx512Bfloat16: readonly CpuFeature[] = [...avx512, 'avx512_vnni', 'avx512_bf16'];
/** Conversions of half floats on CPUs without AVX-512. */
const avx2Half: readonly CpuFeature[] = ['avx2', 'avx_vnni', 'avx_vnni_int8', 'avx_ne_convert'];

/** Sets of instructions of which any is enough, and what they are called. */
interface Need {
  readonly anyOf: readonly (readonly CpuFeature[])[];
  readonly name: string;
}

const halfFloats: Need = {
  anyOf: [[...avx512Bfloat16, 'avx512_fp16'], avx2Half],
  name: 'AVX512-FP16 or AVX-NE-CONVERT',
};

/**
 * What a CPU needs so that an engine computes in a precision. Without it OpenVINO (2025.0, in Paddle 3.3.1) silently
 * computes in float32, and Paddle's oneDNN does so or fails. A precision that is absent works on every CPU.
 */
const onednnNeeds: Partial<Record<Precision, Need>> = { bf16: { anyOf: [avx512], name: 'AVX-512' } };
const openvinoNeeds: Partial<Record<Precision, Need>> = {
  fp16: halfFloats,
  bf16: { anyOf: [avx512, avx2Half], name: 'AVX-512 or AVX-NE-CONVERT' },
};

/**
 * Why an engine would not compute in a precision on this CPU; undefined where it does.
 */
export function whyNoPrecision(engine: Engine, precision: Precision, cpu: CpuDevice): string | undefined {
  const lacking = whyNotOfEngine(engine, precision);
  if (lacking !== undefined) return lacking;
  const needs = engine === 'openvino' ? openvinoNeeds : usesOnednn(engine) ? onednnNeeds : {};
  const need = needs[precision];
  if (need?.anyOf.some((features) => features.every((feature) => cpu.features.includes(feature))) ?? true) {
    return undefined;
  }
  return `Precision "${precision}" of engine "${engine}" needs a CPU with ${need?.name}, which this ${cpu.model} has not`;
}
