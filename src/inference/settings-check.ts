import { PaddleLabError } from '../errors';
import { findDevices } from '../runtime/devices';
import type { Config } from './config';
import type { LoadedLibrary } from './library';
import type { ProgramFormat } from './model-files';

/** Methods that need a GPU build, and those for which a missing method means that the engine is not in this runtime. */
const gpuMethods = ['EnableUseGpu', 'EnableTensorRtEngine'];
const engineNames: Readonly<Record<string, string>> = { EnableOpenVINOEngine: 'the OpenVINO engine' };

/**
 * Refuses settings that this runtime or machine can't honour. Paddle itself would only log some of them and go on
 * with something else.
 *
 * @throws PaddleLabError MODEL_UNSUPPORTED, DEVICE_UNAVAILABLE, ENGINE_UNAVAILABLE, METHOD_UNAVAILABLE
 */
export async function checkSettings(config: Config, library: LoadedLibrary, format: ProgramFormat): Promise<void> {
  const { version, build } = library.runtime;
  if (format === 'json' && Number.parseInt(version, 10) < 3) {
    throw new PaddleLabError(
      'MODEL_UNSUPPORTED',
      `Paddle ${version} can't read the .json program ${config.progFile} (Paddle 3 can: ` +
        '`npx paddlelab runtime install`); or export the model as .pdmodel',
    );
  }
  for (const method of gpuMethods) {
    if (config.has(method) && build.device !== 'gpu') {
      throw new PaddleLabError(
        'DEVICE_UNAVAILABLE',
        `A GPU was asked for, but this Paddle ${version} was built for CPUs only; ` +
          'fetch a GPU build with `npx paddlelab runtime install --gpu`, or use device: "cpu"',
      );
    }
  }
  for (const { method } of config.steps()) {
    if (library.configMethods.has(method)) continue;
    const engine = engineNames[method];
    throw new PaddleLabError(
      engine === undefined ? 'METHOD_UNAVAILABLE' : 'ENGINE_UNAVAILABLE',
      `Paddle ${version} has no ${engine ?? `Config method ${method}`}; ` +
        'Paddle 3.3.1 has (`npx paddlelab runtime install --version 3.3.1`)',
    );
  }
  if (config.has('EnableOpenVINOEngine') && format === 'json') {
    throw new PaddleLabError(
      'ENGINE_UNAVAILABLE',
      'The OpenVINO engine takes .pdmodel programs only, and Paddle would go on with oneDNN for this .json; ' +
        'export the model as .pdmodel, or use engine: "onednn"',
    );
  }
  if (config.has('EnableOnednnBfloat16')) await checkBfloat16();
}

async function checkBfloat16(): Promise<void> {
  const { cpu } = await findDevices();
  if (cpu.features.includes('avx512f')) return;
  throw new PaddleLabError(
    'ENGINE_UNAVAILABLE',
    `bfloat16 in oneDNN needs a CPU with AVX-512, which this ${cpu.model} has not; use precision: "fp32"`,
  );
}
