import os from 'node:os';
import path from 'node:path';
import { PaddleLabError } from '../errors';
import { checkInteger, checkOneOf, invalidArgument } from '../validate';
import { Config, type Precision } from './config';
import type { ProgramFormat } from './model-files';
import { addTensorRt, resolveTensorRt, type TensorRtOptions } from './tensorrt-options';

/**
 * The engine that computes a model: Paddle's own kernels, oneDNN's, or the OpenVINO engine of Paddle 3.x CPU builds
 * (`.pdmodel` only). `onednn-fused` is for `.json` programs, on most of which oneDNN fails in Paddle 3.3.1: it leaves
 * out `onednn_placement_pass`, so that oneDNN computes only the operators it fuses (mostly convolutions), and plain
 * kernels the rest.
 */
export type Engine = 'plain' | 'onednn' | 'onednn-fused' | 'openvino';

/** An engine, or `auto` for the fastest that works for the model on this CPU. */
export type EngineChoice = Engine | 'auto';

/** Where and how a model runs, as plain data. */
export interface EngineOptions {
  /** `cpu` (default), `gpu` or `gpu:N`. */
  readonly device?: 'cpu' | 'gpu' | `gpu:${number}`;
  /**
   * `auto` by default: on a CPU, the engine that is fastest in a short trial in float32 and agrees with plain; without
   * a trial, oneDNN for `.pdmodel` programs and plain for `.json`. On a GPU only `plain` exists. An engine named here
   * is never replaced.
   */
  readonly engine?: EngineChoice;
  /** `fp32` by default. */
  readonly precision?: Precision;
  /** Number of CPU threads; by default all that this process may use. */
  readonly threads?: number;
  /** Runs subgraphs on TensorRT, on a GPU: `true` for its defaults. Off by default. */
  readonly tensorrt?: boolean | TensorRtOptions;
}

/** The options with every default filled in. */
export interface EngineSettings {
  readonly device: 'cpu' | `gpu:${number}`;
  readonly engine: Engine;
  readonly precision: Precision;
  readonly threads: number;
  /** Absent without TensorRT. */
  readonly tensorrt?: TensorRtOptions;
}

export const engineOptionKeys = ['device', 'engine', 'precision', 'threads', 'tensorrt'] as const;

export const engines: readonly Engine[] = ['plain', 'onednn', 'onednn-fused', 'openvino'];

/** Whether oneDNN is used, for all operators or only for fused ones. */
export function usesOnednn(engine: EngineChoice | undefined): boolean {
  return engine === 'onednn' || engine === 'onednn-fused';
}

/** Whether an engine fits the program's format; the OpenVINO engine reports by itself what it does not support. */
export function fitsFormat(engine: EngineChoice | undefined, format: ProgramFormat): boolean {
  return engine !== 'onednn-fused' || format === 'json';
}

/** The pass that assigns every operator of a `.json` program that oneDNN supports to oneDNN. */
export const placementPass = 'onednn_placement_pass';

/** The precisions of each engine on a CPU, if the CPU supports them. */
const cpuPrecisions: Readonly<Record<Engine, readonly Precision[]>> = {
  plain: ['fp32'],
  onednn: ['fp32', 'bf16', 'int8'],
  'onednn-fused': ['fp32'],
  openvino: ['fp32', 'fp16', 'bf16'],
};

/** Why an engine lacks a precision on every CPU; undefined if it has it. */
export function whyNotOfEngine(engine: Engine, precision: Precision): string | undefined {
  const known = cpuPrecisions[engine];
  if (known.includes(precision)) return undefined;
  return `Engine "${engine}" has no precision "${precision}" on a CPU; it has ${known.join(', ')}`;
}

/** @throws PaddleLabError INVALID_ARGUMENT, ENGINE_UNAVAILABLE */
export function resolveEngine(options: EngineOptions, format: ProgramFormat): EngineSettings {
  const device = checkDevice(options.device ?? 'cpu');
  const asked = checkOneOf('engine', options.engine ?? 'auto', [...engines, 'auto']);
  const engine = asked === 'auto' ? defaultEngine(device, format) : asked;
  const precision = checkOneOf('precision', options.precision ?? 'fp32', ['fp32', 'fp16', 'bf16', 'int8']);
  const threads = checkInteger('threads', options.threads ?? os.availableParallelism(), 1);
  const tensorrt = resolveTensorRt(options.tensorrt);
  const settings = tensorrt === undefined ? {} : { tensorrt };
  checkConflicts({ device, engine, precision, threads, ...settings });
  if (!fitsFormat(engine, format)) {
    throw new PaddleLabError('ENGINE_UNAVAILABLE', `Engine "${engine}" is for .json programs; use engine: "onednn"`);
  }
  return { device, engine, precision, threads, ...settings };
}

function checkConflicts({ device, engine, precision, tensorrt }: EngineSettings): void {
  const refuse = (why: string): PaddleLabError => new PaddleLabError('ENGINE_UNAVAILABLE', why);
  if (device !== 'cpu') {
    if (engine !== 'plain') throw refuse(`Engine "${engine}" runs on the CPU only; use device: "cpu"`);
    if (precision === 'int8' && tensorrt === undefined) {
      throw refuse('A GPU has precision "int8" through TensorRT only; use tensorrt: true as well');
    }
    return;
  }
  if (tensorrt !== undefined) throw refuse('TensorRT runs on a GPU only; use device: "gpu"');
  const lacking = whyNotOfEngine(engine, precision);
  if (lacking !== undefined) throw refuse(lacking);
}

/**
 * oneDNN is the faster default for `.pdmodel` programs. Under Paddle 3.3 most `.json` programs fail with it, and some
 * crash the process, so these run plain by default. Paddle's builds for arm64 do not have it.
 */
export function defaultEngine(
  device: EngineSettings['device'],
  format: ProgramFormat,
  processor: string = process.arch,
): Engine {
  return device === 'cpu' && format === 'pdmodel' && processor === 'x64' ? 'onednn' : 'plain';
}

/**
 * Paddle's configuration for these settings.
 *
 * @param params the parameter file; the program's folder if each parameter is a separate file
 */
export function toConfig(program: string, params: string, format: ProgramFormat, settings: EngineSettings): Config {
  const separate = params === path.dirname(program);
  const config = separate ? new Config(params) : new Config(program, params);
  if (settings.device === 'cpu') addCpu(config, settings);
  else addGpu(config, settings);
  // Paddle refuses it for `.json` (PIR) programs, which always plan their memory.
  if (format === 'pdmodel') config.enableMemoryOptim();
  return config;
}

function addCpu(config: Config, { engine, precision, threads }: EngineSettings): void {
  config.disableGpu();
  config.setCpuMathLibraryNumThreads(threads);
  if (engine === 'plain') config.disableOnednn();
  if (engine === 'onednn') config.enableOnednn();
  if (engine === 'onednn' && precision === 'bf16') config.enableOnednnBfloat16();
  if (engine === 'onednn' && precision === 'int8') config.enableOnednnInt8();
  if (engine === 'onednn-fused') {
    config.enableOnednn();
    config.deletePass(placementPass);
  }
  if (engine === 'openvino') config.enableOpenvinoEngine(precision);
}

function addGpu(config: Config, { device, precision, tensorrt }: EngineSettings): void {
  // TensorRT has its own precision setting; Paddle's mixed precision would be added on top.
  config.enableUseGpu(200, Number(device.slice('gpu:'.length)), tensorrt === undefined ? precision : 'fp32');
  if (tensorrt !== undefined) addTensorRt(config, tensorrt, precision);
}

function checkDevice(device: unknown): EngineSettings['device'] {
  if (device === 'cpu') return 'cpu';
  const found = typeof device === 'string' ? /^gpu(?::(\d+))?$/.exec(device) : null;
  if (found === null) throw invalidArgument('device', '"cpu", "gpu" or "gpu:N"', device);
  return `gpu:${Number(found[1] ?? 0)}`;
}
