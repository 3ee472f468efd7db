import { PaddleLabError, type PaddleLabErrorCode } from '../../errors';
import type { ConfigStep } from '../../native/paddle-types';
import type { LoadedLibrary } from '../library';
import { type BuildNeed, configMethods } from './methods';

/** Names of optional runtime features, for messages. */
const needNames: Readonly<Record<BuildNeed, string>> = {
  any: 'this',
  gpu: 'A GPU',
  tensorrt: 'TensorRT',
  openvino: 'the OpenVINO engine',
  onnxruntime: 'ONNX Runtime',
  cinn: 'CINN',
  device: 'the device',
};

/** Getters that tell whether Paddle accepted a setting; if it only logs that it can't, they stay false. */
const takenUp: Readonly<Record<string, string>> = {
  EnableUseGpu: 'use_gpu',
  EnableTensorRtEngine: 'tensorrt_engine_enabled',
  EnableOpenVINOEngine: 'openvino_engine_enabled',
  EnableONNXRuntime: 'onnxruntime_enabled',
  EnableORTOptimization: 'onnxruntime_enabled',
  EnableCINN: 'cinn_enabled',
  EnableXpu: 'use_xpu',
};

/**
 * Refuses methods that this Paddle does not have, and methods that have no effect in its build.
 *
 * @throws PaddleLabError DEVICE_UNAVAILABLE, ENGINE_UNAVAILABLE, METHOD_UNAVAILABLE
 */
export function checkMethods(steps: readonly ConfigStep[], library: LoadedLibrary): void {
  const { version, build } = library.runtime;
  for (const { method } of steps) {
    const facts = configMethods.get(method);
    const needs = facts?.needs ?? 'any';
    if (!library.configMethods.has(method)) {
      const engine = needs === 'openvino';
      throw new PaddleLabError(
        engine ? 'ENGINE_UNAVAILABLE' : 'METHOD_UNAVAILABLE',
        `Paddle ${version} has no ${engine ? needNames[needs] : `Config method ${method}`}; ${whereItIs()}`,
      );
    }
    if ((needs === 'gpu' || needs === 'tensorrt') && build.device !== 'gpu') {
      throw new PaddleLabError(
        'DEVICE_UNAVAILABLE',
        `${needNames[needs]} was requested (${method}), but this Paddle ${version} was built for CPUs only; ` +
          'install a GPU build with `npx paddlelab runtime install --gpu`, or use device: "cpu"',
      );
    }
    if (needs === 'tensorrt' && library.trtCompileVersion.every((number) => number === 0)) {
      throw new PaddleLabError(
        'ENGINE_UNAVAILABLE',
        `TensorRT was requested (${method}), but this Paddle ${version} was built without it`,
      );
    }
  }
}

/**
 * Refuses settings that Paddle has silently ignored, according to its getters.
 *
 * @throws PaddleLabError DEVICE_UNAVAILABLE, ENGINE_UNAVAILABLE
 */
export function checkTakenUp(
  steps: readonly ConfigStep[],
  values: Readonly<Record<string, boolean | number>>,
  version: string,
): void {
  for (const { method } of steps) {
    const getter = takenUp[method];
    if (getter === undefined || values[getter] !== false) continue;
    const needs = configMethods.get(method)?.needs ?? 'any';
    const code: PaddleLabErrorCode =
      needs === 'gpu' || needs === 'device' ? 'DEVICE_UNAVAILABLE' : 'ENGINE_UNAVAILABLE';
    throw new PaddleLabError(
      code,
      `${method} has no effect: this build of Paddle ${version} does not have ${needNames[needs]}`,
    );
  }
}

/** Whether Paddle may ignore one of these calls silently, or report only now that the device is missing. */
export function mayBePassedOver(steps: readonly ConfigStep[]): boolean {
  return steps.some(({ method }) => takenUp[method] !== undefined || configMethods.get(method)?.needs === 'device');
}

/** Which Paddle has what an older one lacks; there is no newer one for arm64. */
export function whereItIs(processor: string = process.arch): string {
  if (processor === 'arm64') return 'Paddle 3.3.1 has it, but there is none for arm64';
  return 'Paddle 3.3.1 has it (`npx paddlelab runtime install --version 3.3.1`)';
}
