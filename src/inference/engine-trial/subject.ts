import { readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ConfigStep } from '../../native/binding';
import { parseCpuInfo } from '../../runtime/devices';
import { type DataType, dataTypeCode, dataTypeOfArray, type TensorData } from '../data-type';
import type { LoadedLibrary } from '../library';
import type { CheckedModel } from '../model-files';
import type { OutlineInput } from '../program-check/program-desc';
import { contentDigest } from './memory';
import type { TrialInput } from './protocol';

/** What is tried: a model that was checked, and the Paddle that is to run it. */
export interface TrialSubject extends CheckedModel {
  readonly program: string;
  /** The parameter file; the folder where each parameter has a file of its own. */
  readonly params: string;
  readonly library: LoadedLibrary;
}

/** More elements than this are no input to try something on in passing. */
const mostElements = 2 ** 26;

/** Everything that a verdict depends on beside the settings. */
export async function circumstancesOf(
  subject: TrialSubject,
  inputs: readonly TrialInput[] | undefined,
): Promise<object> {
  const { version, library } = subject.library.runtime;
  const [program, params, { size, mtimeMs }, cpu] = await Promise.all([
    contentDigest(subject.program),
    parameterFiles(subject).then((files) => Promise.all(files.map(contentDigest))),
    stat(library),
    cpuIdentity(),
  ]);
  const shapes = inputs?.map(({ name, type, shape }) => [name, type, ...shape]) ?? null;
  return { program, params, paddle: [version, library, size, mtimeMs], cpu, shapes };
}

/** The files that hold the parameters. */
export async function parameterFiles({ params, outline }: Pick<TrialSubject, 'params' | 'outline'>): Promise<string[]> {
  if (!(await stat(params)).isDirectory()) return [params];
  return outline.parameters.map(({ name }) => path.join(params, name));
}

/** Settings without the model's paths: a copy of a model elsewhere is the same model. */
export function settingsOf(steps: readonly ConfigStep[]): unknown {
  return steps
    .filter((step) => step.method !== 'SetModel' && step.method !== 'SetModelDir')
    .map(({ method, arguments: values }) => [method, ...values].join(' '));
}

/** Sides of the images that are made up where a program leaves them open. */
export const guessedSides = [224, 320] as const;
/** Any other extent that a program leaves open. */
const guessedExtent = 16;

/** Inputs by the declared shapes; undefined if a type or a shape can't be made up. */
export function guessInputs(
  declared: readonly OutlineInput[],
  side: number = guessedSides[0],
): TrialInput[] | undefined {
  const feeds: TrialInput[] = [];
  for (const { name, dtype, shape } of declared) {
    const guessed = shape.map((extent, axis) => {
      if (extent !== -1) return extent;
      return axis === 0 ? 1 : shape.length === 4 ? side : guessedExtent;
    });
    const count = guessed.reduce((product, extent) => product * extent, 1);
    if (guessed.some((extent) => extent < 1) || count > mostElements) return undefined;
    if (dtype === undefined || dtype === 'string') return undefined;
    const data = makeData(dtype, count);
    if (data === undefined) return undefined;
    // Detectors are told the image's height and width.
    if (/^im_(shape|info)$/.test(name) && data instanceof Float32Array) data.set([side, side, 1].slice(0, data.length));
    feeds.push({ name, type: dataTypeCode(dtype), shape: guessed, lod: [], data });
  }
  return feeds;
}

/** Whether a guess was made about more than the batch. */
export function leavesSizesOpen(declared: readonly OutlineInput[]): boolean {
  return declared.some(({ shape }) => shape.includes(-1, 1));
}

const arrays = [Float32Array, Float64Array, BigInt64Array, Int32Array, Uint8Array, Int8Array];

function makeData(dtype: DataType, count: number): TensorData | undefined {
  const found = arrays.find((array) => dataTypeOfArray(new array(0)) === dtype);
  if (found === undefined) return undefined;
  const data = new found(count);
  if (data instanceof Float32Array || data instanceof Float64Array) data.fill(0.5);
  return data;
}

let cpu: Promise<unknown> | undefined;

function cpuIdentity(): Promise<unknown> {
  cpu ??= readFile('/proc/cpuinfo', 'utf8')
    .catch(() => '')
    .then((text) => parseCpuInfo(text, os.availableParallelism()));
  return cpu;
}
