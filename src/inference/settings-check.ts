import { PaddleLabError } from '../errors';
import type { ConfigStep } from '../native/paddle-types';
import { findCpu, findDevices } from '../runtime/devices';
import { refuseUncoveredCard } from '../runtime/gpu-coverage';
import type { Config } from './config';
import { configMethods } from './config/methods';
import { checkMethods } from './config/methods-check';
import { type Precision, precisionFromCode } from './config/precision';
import { whyNoPrecision } from './cpu-precision';
import { checkCustomDevice } from './custom-device';
import { type GpuEngine, whyNoGpuPrecision } from './gpu-precision';
import type { LoadedLibrary } from './library';
import type { ProgramFormat } from './model-files';
import { whyNotQuantised } from './quantised';

/**
 * Refuses settings that this runtime or machine does not support. Paddle itself would only log some of them and fall
 * back to something else.
 *
 * @throws PaddleLabError MODEL_UNSUPPORTED, DEVICE_UNAVAILABLE, ENGINE_UNAVAILABLE, METHOD_UNAVAILABLE
 */
export async function checkSettings(config: Config, library: LoadedLibrary, format: ProgramFormat): Promise<void> {
  const { version } = library.runtime;
  if (format === 'json' && Number.parseInt(version, 10) < 3) {
    throw new PaddleLabError(
      'MODEL_UNSUPPORTED',
      `Paddle ${version} can't read the .json program ${config.progFile} (Paddle 3 can: ` +
        '`npx paddlelab runtime install`); or export the model as .pdmodel',
    );
  }
  const steps = config.steps();
  checkMethods(steps, library);
  checkCompanions(config);
  checkCombination(config, format);
  for (const { method, arguments: values } of steps) {
    if (method === 'EnableUseGpu') {
      await refuseUncoveredCard(library.runtime, Number(values[1] ?? 0), (await findDevices()).gpus);
    }
    if (method === 'EnableCustomDevice') await checkCustomDevice(String(values[0]));
  }
  await checkPrecision(config);
}

/** Settings that need another setting; without it Paddle accepts them but ignores them. */
const companions: readonly (readonly [needed: string, ...settings: string[]])[] = [
  ['EnableXpu', 'SetXpuDeviceId'],
  ['EnableIpu', 'SetIpuConfig', 'SetIpuCustomInfo', 'LoadIpuConfig'],
  ['EnableOnednnBfloat16', 'SetBfloat16Op'],
];

function checkCompanions(config: Config): void {
  const needed = [...companions];
  for (const [method, { needs }] of configMethods) {
    if (needs === 'tensorrt') needed.push(['EnableTensorRtEngine', method]);
    if (needs === 'gpu' || needs === 'tensorrt') needed.push(['EnableUseGpu', method]);
  }
  for (const [companion, ...settings] of needed) {
    const lone = config.has(companion) ? undefined : settings.find((setting) => config.has(setting));
    if (lone === undefined) continue;
    throw new PaddleLabError('INVALID_ARGUMENT', `${lone} has no effect without ${companion}; call that as well`);
  }
}

/** Settings that contradict each other or the model. */
function checkCombination(config: Config, format: ProgramFormat): void {
  const refuse = (why: string): PaddleLabError => new PaddleLabError('INVALID_ARGUMENT', why);
  const switches = config.steps().filter(({ method }) => /^(En|Dis)ableONEDNN$/.test(method));
  const onednnOff = switches.at(-1)?.method === 'DisableONEDNN';
  for (const method of ['EnableOnednnInt8', 'EnableOnednnBfloat16']) {
    if (onednnOff && config.has(method)) throw refuse(`${method} needs oneDNN, which disableOnednn turned off`);
  }
  if (format === 'pdmodel' && config.has('EnableNewIR') && !config.has('EnableNewExecutor')) {
    throw refuse('enableNewIr needs enableNewExecutor for a .pdmodel program: Paddle would give empty outputs');
  }
  if (format === 'json' && config.has('EnableMemoryOptim')) {
    throw refuse('enableMemoryOptim takes .pdmodel programs only; leave it out for this .json, which plans its memory');
  }
  if (!config.has('EnableOpenVINOEngine')) return;
  if (config.has('EnableUseGpu')) {
    throw new PaddleLabError('ENGINE_UNAVAILABLE', 'The OpenVINO engine runs on the CPU only; leave enableUseGpu out');
  }
  if (format === 'json') {
    throw new PaddleLabError(
      'ENGINE_UNAVAILABLE',
      'The OpenVINO engine takes .pdmodel programs only, and Paddle would use oneDNN instead for this .json; ' +
        'export the model as .pdmodel, or use engine: "onednn-fused" or "auto"',
    );
  }
}

/** Refuses a precision that the engine does not support on this processor or card, or with this model. */
async function checkPrecision(config: Config): Promise<void> {
  for (const { engine, precision, deviceId } of gpuPrecisions(config.steps())) {
    const problem = whyNoGpuPrecision(engine, precision, deviceId, (await findDevices()).gpus);
    if (problem !== undefined) throw new PaddleLabError('ENGINE_UNAVAILABLE', `${problem}; use precision: "fp32"`);
  }
  const [engine, precision] = askedPrecision(config.steps());
  if (precision === 'fp32') return;
  const problem =
    precision === 'int8' ? await whyNoInt8(engine, config) : whyNoPrecision(engine, precision, await findCpu());
  if (problem !== undefined) throw new PaddleLabError('ENGINE_UNAVAILABLE', `${problem}; use precision: "fp32"`);
}

/** The runs on a GPU that are not in float32. */
function gpuPrecisions(steps: readonly ConfigStep[]): { engine: GpuEngine; precision: Precision; deviceId: number }[] {
  const argumentOf = (method: string, index: number): number =>
    Number(steps.find((step) => step.method === method)?.arguments[index] ?? 0);
  const deviceId = argumentOf('EnableUseGpu', 1);
  const asked = [
    { engine: 'gpu', precision: precisionFromCode(argumentOf('EnableUseGpu', 2)), deviceId },
    { engine: 'tensorrt', precision: precisionFromCode(argumentOf('EnableTensorRtEngine', 3)), deviceId },
  ] as const;
  return asked.filter(({ precision }) => precision !== 'fp32');
}

async function whyNoInt8(engine: 'onednn' | 'openvino', { modelSource }: Config): Promise<string | undefined> {
  if (engine === 'openvino') return 'The OpenVINO engine has no precision "int8"';
  const program = 'program' in modelSource ? modelSource.program : undefined;
  const reason = program === undefined ? undefined : await whyNotQuantised(program);
  return reason && `Precision "int8" was requested, but ${reason}`;
}

function askedPrecision(steps: readonly ConfigStep[]): ['onednn' | 'openvino', Precision] {
  const openvino = steps.find(({ method }) => method === 'EnableOpenVINOEngine');
  if (openvino !== undefined) return ['openvino', precisionFromCode(Number(openvino.arguments[0] ?? 0))];
  const has = (method: string): boolean => steps.some((step) => step.method === method);
  return ['onednn', has('EnableOnednnBfloat16') ? 'bf16' : has('EnableOnednnInt8') ? 'int8' : 'fp32'];
}
