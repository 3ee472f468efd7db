import type { CpuDevice, CpuFeature } from '../runtime/devices';
import type { Precision } from './config/precision';
import { type Engine, usesOnednn, whyNotOfEngine } from './engine';

/** oneDNN's definition of AVX-512: the instruction sets of Skylake servers. */
const avx512: readonly CpuFeature[] = ['avx512f', 'avx512bw', 'avx512vl', 'avx512dq'];
const avx512Bfloat16: readonly CpuFeature[] = [...avx512, 'avx512_vnni', 'avx512_bf16'];
/** Conversions of half floats on CPUs without AVX-512. */
const avx2Half: readonly CpuFeature[] = ['avx2', 'avx_vnni', 'avx_vnni_int8', 'avx_ne_convert'];

/** Alternative instruction sets, of which one is enough, and their name in messages. */
interface Need {
  readonly anyOf: readonly (readonly CpuFeature[])[];
  readonly name: string;
}

const halfFloats: Need = {
  anyOf: [[...avx512Bfloat16, 'avx512_fp16'], avx2Half],
  name: 'AVX512-FP16 or AVX-NE-CONVERT',
};

/**
 * The CPU features that an engine needs for a precision. Without them OpenVINO (2025.0, in Paddle 3.3.1) silently
 * computes in float32, and Paddle's oneDNN does so or fails. Combinations not listed work on every CPU.
 */
const onednnNeeds: Partial<Record<Precision, Need>> = { bf16: { anyOf: [avx512], name: 'AVX-512' } };
const openvinoNeeds: Partial<Record<Precision, Need>> = {
  fp16: halfFloats,
  bf16: { anyOf: [avx512, avx2Half], name: 'AVX-512 or AVX-NE-CONVERT' },
};

/** Why an engine can't compute in a precision on this CPU; undefined if it can. */
export function whyNoPrecision(engine: Engine, precision: Precision, cpu: CpuDevice): string | undefined {
  const lacking = whyNotOfEngine(engine, precision);
  if (lacking !== undefined) return lacking;
  const needs = engine === 'openvino' ? openvinoNeeds : usesOnednn(engine) ? onednnNeeds : {};
  const need = needs[precision];
  if (need?.anyOf.some((features) => features.every((feature) => cpu.features.includes(feature))) ?? true) {
    return undefined;
  }
  return `Precision "${precision}" of engine "${engine}" needs a CPU with ${need?.name}, but this CPU is ${cpu.model}`;
}
