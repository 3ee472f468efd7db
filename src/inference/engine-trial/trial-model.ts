import { createHash } from 'node:crypto';
import path from 'node:path';
import { stat } from '../../files/fs';
import type { ConfigStep } from '../../native/paddle-types';
import { type CpuDevice, findCpu } from '../../runtime/devices';
import type { Engine } from '../engine';
import type { LoadedLibrary } from '../library';
import type { CheckedModel } from '../model-files';
import { foldingEdition, type ModelFiles, type ScalarFolding } from '../scalar-folding/scalar-folding';
import type { TrialInput } from './trial-protocol';
import { contentDigest } from './verdict-cache';

/** What a trial runs: a checked model, and the Paddle to run it. */
export interface TrialModel extends CheckedModel {
  readonly program: string;
  /** The parameter file; the folder if each parameter is a separate file. */
  readonly params: string;
  readonly library: LoadedLibrary;
  /** How the model is rewritten for engine `onednn`; absent if it is not. */
  readonly folding?: ScalarFolding;
}

/** The model as an engine gets it: only `onednn` gets the rewritten one. */
export function modelFor(engine: Engine, { folding, ...trialModel }: TrialModel): TrialModel {
  return engine === 'onednn' && folding !== undefined ? { ...trialModel, folding } : trialModel;
}

/** The files that Paddle reads. */
export async function filesFor({ program, params, folding }: TrialModel): Promise<ModelFiles> {
  return (await folding?.files()) ?? { program, params };
}

/** Everything besides the settings that a verdict depends on. */
export async function circumstancesOf(
  trialModel: TrialModel,
  inputs: readonly TrialInput[] | undefined,
): Promise<object> {
  const { version, library } = trialModel.library.runtime;
  const [program, params, { size, mtimeMs }, cpu] = await Promise.all([
    contentDigest(trialModel.program),
    parameterFiles(trialModel).then((files) => Promise.all(files.map(contentDigest))),
    stat(library),
    cpuIdentity(),
  ]);
  return {
    program,
    params,
    paddle: [version, library, size, mtimeMs],
    cpu,
    inputs: inputs?.map(describeInput) ?? null,
    ...(trialModel.folding === undefined ? {} : { folding: foldingEdition }),
  };
}

const mostHashed = 2 ** 22;

/**
 * Type, shape and content of an input; of a large input only parts of the content, so that the event loop is not
 * blocked.
 */
function describeInput({ name, type, shape, data }: TrialInput): readonly (string | number)[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const hash = createHash('sha256');
  const block = 4096;
  const stride = block * Math.max(1, Math.ceil(bytes.length / mostHashed));
  for (let i = 0; i < bytes.length; i += stride) hash.update(bytes.subarray(i, i + block));
  return [name, type, ...shape, hash.digest('hex')];
}

/** The parameter files. */
export async function parameterFiles({ params, outline }: Pick<TrialModel, 'params' | 'outline'>): Promise<string[]> {
  if (!(await stat(params)).isDirectory()) return [params];
  return outline.parameters.map(({ name }) => path.join(params, name));
}

/** Settings without the model's paths, so that a copy of a model elsewhere counts as the same model. */
export function settingsOf(steps: readonly ConfigStep[]): unknown {
  return steps
    .filter((step) => step.method !== 'SetModel' && step.method !== 'SetModelDir')
    .map(({ method, arguments: values }) => [method, ...values].join(' '));
}

let cpu: Promise<CpuDevice> | undefined;

function cpuIdentity(): Promise<CpuDevice> {
  cpu ??= findCpu();
  return cpu;
}
