import path from 'node:path';
import { PaddleLabError } from '../errors';
import { diskFull, hasNoRoom } from '../files/disk-full';
import { mkdir, rm } from '../files/fs';
import { refuseReplacing } from '../files/replacing';
import { loadBinding } from '../native/binding';
import { boolean, type OptionChecks, readOptions } from '../options';
import { checkOneOf, checkString } from '../validate';
import { type Precision, precisionCode } from './config/precision';
import { checkNames } from './config/recorder';
import { loadLibrary } from './library';
import { checkModelFiles } from './model-files';
import { paddleMessage } from './paddle-message';

/** Major, minor and patch number; 0, 0, 0 if there is none. */
export type VersionNumbers = readonly [number, number, number];

/** Paddle's version text: the lines `version: 3.3.1`, `commit: …`, `branch: …`. */
export async function getVersion(): Promise<string> {
  return (await loadLibrary()).versionText;
}

/** The TensorRT version that the loaded Paddle was built with; 0, 0, 0 without. */
export async function getTrtCompileVersion(): Promise<VersionNumbers> {
  return (await loadLibrary()).trtCompileVersion;
}

/** The installed TensorRT version; 0, 0, 0 in a build without TensorRT. */
export async function getTrtRuntimeVersion(): Promise<VersionNumbers> {
  const { trtCompileVersion } = await loadLibrary();
  // A build without TensorRT can't use it.
  if (trtCompileVersion.every((number) => number === 0)) return trtCompileVersion;
  try {
    return await loadBinding().trtRuntimeVersion();
  } catch (error) {
    throw new PaddleLabError('ENGINE_UNAVAILABLE', `TensorRT's library can't be used: ${paddleMessage(error)}`, {
      cause: error,
    });
  }
}

/** Options of `convertToMixedPrecision`. */
export interface MixedPrecisionOptions {
  /** Inputs and outputs stay float32; `true` by default. */
  readonly keepIoTypes?: boolean;
  /** Operator types that stay in float32. */
  readonly blackList?: readonly string[];
  /** Operator types that are converted although Paddle would keep them in float32. */
  readonly whiteList?: readonly string[];
}

const mixedPrecisionChecks = {
  keepIoTypes: boolean,
  blackList: checkNames,
  whiteList: checkNames,
} satisfies OptionChecks<MixedPrecisionOptions>;

/** Paddle's PlaceType numbers. */
const backends = { gpu: 1, xpu: 2, custom: 4 } as const;

/**
 * Converts a `.pdmodel` model to float16 or bfloat16, for a device; the output folder is created. Paddle 2.6, 3.x; any
 * build.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, FILE_NOT_FOUND, MODEL_DAMAGED, MODEL_UNSUPPORTED, PREDICTOR_CREATE_FAILED,
 * FILE_UNWRITABLE (the disk is full, or the model itself would be replaced)
 */
export async function convertToMixedPrecision(
  modelFile: string,
  paramsFile: string,
  mixedModelFile: string,
  mixedParamsFile: string,
  mixedPrecision: Extract<Precision, 'fp16' | 'bf16'>,
  backend: keyof typeof backends = 'gpu',
  options: MixedPrecisionOptions = {},
): Promise<void> {
  const {
    keepIoTypes = true,
    blackList = [],
    whiteList = [],
  } = readOptions('convertToMixedPrecision', options, mixedPrecisionChecks);
  const request = {
    model: checkString('modelFile', modelFile),
    params: checkString('paramsFile', paramsFile),
    mixedModel: checkString('mixedModelFile', mixedModelFile),
    mixedParams: checkString('mixedParamsFile', mixedParamsFile),
    precision: precisionCode('mixedPrecision', checkOneOf('mixedPrecision', mixedPrecision, ['fp16', 'bf16'])),
    backend: backends[checkOneOf('backend', backend, ['gpu', 'xpu', 'custom'])],
    ...{ keepIoTypes, blackList, whiteList },
  };
  const { format } = await checkModelFiles(modelFile, paramsFile);
  if (format === 'json') {
    throw new PaddleLabError(
      'MODEL_UNSUPPORTED',
      `Paddle converts .pdmodel programs only, and ${modelFile} is a Paddle 3 program; export it as .pdmodel`,
    );
  }
  const places = [mixedModelFile, mixedParamsFile].map((file) => path.resolve(file));
  await refuseReplacing(places, [modelFile, paramsFile], true, { own: 'other names', existing: '' });
  await loadLibrary();
  for (const file of [mixedModelFile, mixedParamsFile])
    await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  try {
    await loadBinding().convertToMixedPrecision(request);
    // Paddle does not check whether everything was written.
    await checkModelFiles(mixedModelFile, mixedParamsFile);
  } catch (error) {
    const full = await hasNoRoom(mixedParamsFile);
    // Removes partial results.
    for (const file of [mixedModelFile, mixedParamsFile]) await rm(file, { force: true });
    if (full) throw diskFull(mixedParamsFile, error);
    throw new PaddleLabError(
      'PREDICTOR_CREATE_FAILED',
      `Paddle can't convert ${modelFile} to ${mixedPrecision}: ${paddleMessage(error)}`,
      { cause: error },
    );
  }
}
