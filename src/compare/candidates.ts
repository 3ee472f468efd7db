import { messageOf, PaddleLabError } from '../errors';
import { whyNoPrecision } from '../inference/cpu-precision';
import { type Engine, type EngineOptions, type EngineSettings, resolveEngine } from '../inference/engine';
import type { ProgramFormat } from '../inference/model-files';
import { whyNotQuantised } from '../inference/quantised';
import { readModelSpec } from '../model/layouts/registry';
import type { ModelSpec, Task } from '../model/spec';
import { findRuntime, type PaddleRuntime } from '../runtime';
import { findCpu, findDevices } from '../runtime/devices';
import { isRival, type NamedBackend, type PaddleBackend } from './backends';
import type { Launch } from './channel';
import type { CheckedOptions } from './options';
import type { OpenRequest, ProgramFiles } from './protocol';
import { type Rival, startRival } from './rivals/registry';
import type { CompareSubject } from './subject';
import { sameWeights } from './weights';

/** A backend that can be started, or why it can't be. */
export type Candidate =
  | {
      readonly kind: 'ready';
      readonly backend: NamedBackend;
      readonly launch: Launch;
      readonly request: OpenRequest;
      /** Whether its parameters are other ones than the compared model's. */
      readonly ownWeights: boolean;
    }
  | { readonly kind: 'unavailable'; readonly backend: NamedBackend; readonly reason: string };

const ownChild: Launch = { kind: 'node', script: 'compare/child.js' };

/** What has to be known before anything is started: Paddle's builds, devices, and what is in the model. */
export async function findCandidates(subject: CompareSubject, options: CheckedOptions): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const backend of options.backends) candidates.push(await findCandidate(backend, subject, options));
  return candidates;
}

async function findCandidate(
  backend: NamedBackend,
  subject: CompareSubject,
  options: CheckedOptions,
): Promise<Candidate> {
  const files = await filesOf(backend, subject, options);
  const common = requestOf(files, subject, options);
  if (isRival(backend)) return rivalCandidate(backend, common, subject, options);
  const problem = (reason: string): Candidate => ({ kind: 'unavailable', backend, reason });
  const runtime = await runtimeOf(backend);
  if (typeof runtime === 'string') return problem(runtime);
  const settings = settingsOf(backend, subject.format);
  if (typeof settings === 'string') return problem(settings);
  if (settings.engine === 'openvino' && (backend.clones ?? 1) > 1) {
    return problem("clones can't run at once: Paddle's OpenVINO engine has one inference for all of them");
  }
  const reason = (await whyNoGpu(backend, runtime)) ?? (await whyNoCpuPrecision(settings, files));
  if (reason !== undefined) return problem(reason);
  const request: OpenRequest = { ...common, clones: backend.clones ?? 1, settings, runtime: runtime.root };
  const ran = { ...backend, engine: settings.engine, precision: settings.precision, threads: settings.threads };
  const ownWeights = !(await sameWeights(files.params, subject.spec.files.params));
  return { kind: 'ready', backend: ran, launch: ownChild, request, ownWeights };
}

/** What would be measured in float32 under another name. */
async function whyNoCpuPrecision(settings: EngineSettings, { program }: ProgramFiles): Promise<string | undefined> {
  const { device, engine, precision } = settings;
  if (device !== 'cpu') return undefined;
  return precision === 'int8' ? whyNotQuantised(program) : whyNoPrecision(engine, precision, await findCpu());
}

/** The engine whose precisions an external runtime has. */
function engineOfRival(backend: Rival): Engine | undefined {
  if (backend.kind === 'paddle-python') return backend.engine ?? 'onednn';
  return backend.kind === 'openvino-runtime' ? 'openvino' : undefined;
}

async function rivalCandidate(
  backend: NamedBackend,
  common: OpenRequest,
  { spec, format }: CompareSubject,
  options: CheckedOptions,
): Promise<Candidate> {
  if (!isRival(backend)) throw new Error('No rival');
  if (options.protocol.mode === 'endToEnd') {
    return { kind: 'unavailable', backend, reason: 'rivals are measured in mode "model" only' };
  }
  const engine = engineOfRival(backend);
  const precision = backend.precision ?? 'fp32';
  const reason =
    backend.kind === 'paddle-python' && precision === 'int8'
      ? 'paddle-python runs in fp32, fp16 and bf16 only'
      : engine && whyNoPrecision(engine, precision, await findCpu());
  if (reason !== undefined) return { kind: 'unavailable', backend, reason };
  const inPython = backend.kind === 'paddle-python' || backend.kind === 'openvino-runtime';
  const chosen = inPython && options.python !== undefined ? { python: options.python, ...backend } : backend;
  const subject = { files: common, directory: spec.files.directory, format, threads: backend.threads ?? 1 };
  const started = startRival(chosen, subject);
  if (started.kind === 'unavailable') return { kind: 'unavailable', backend, reason: started.reason };
  const request: OpenRequest = { ...common, rival: started.request };
  return { kind: 'ready', backend: chosen, launch: started.launch, request, ownWeights: false };
}

function requestOf(
  { program, params }: ProgramFiles,
  { feeds, batches, pixels, spec }: CompareSubject,
  { protocol, config, threshold }: CheckedOptions,
): OpenRequest {
  const larger = [...batches.values()].filter((batch) => typeof batch !== 'string');
  const endToEnd = { directory: spec.files.directory, config, task: taskOf(spec), pixels, threshold };
  return {
    kind: 'open',
    ...{ program, params, images: feeds.length, clones: 1, feeds: [...feeds, ...larger] },
    ...(protocol.mode === 'endToEnd' ? { endToEnd } : {}),
  };
}

/** What other processes take a model for. */
function taskOf({ task }: ModelSpec): Exclude<Task, 'custom'> {
  return task === 'custom' ? 'tensors' : task;
}

async function filesOf(backend: NamedBackend, subject: CompareSubject, options: CheckedOptions): Promise<ProgramFiles> {
  const own = isRival(backend) ? undefined : backend.model;
  if (own === undefined) return subject.spec.files;
  const { format, config } = options;
  const { files } = await readModelSpec(own, { format, config, assumedTask: taskOf(subject.spec) });
  return files;
}

/** Found once a runtime; a text says why it is none. */
async function runtimeOf({ runtime }: PaddleBackend): Promise<PaddleRuntime | string> {
  try {
    return await findRuntime({ runtime });
  } catch (error) {
    if (error instanceof PaddleLabError && runtime !== undefined) return messageOf(error);
    throw error;
  }
}

/** What can't be combined is a row; what is mistyped is an error. */
function settingsOf(backend: PaddleBackend, format: ProgramFormat): EngineSettings | string {
  const { device, engine, precision, threads, tensorrt } = backend;
  const options: EngineOptions = { device, engine, precision, threads, tensorrt };
  try {
    return resolveEngine(options, format);
  } catch (error) {
    if (error instanceof PaddleLabError && error.code === 'ENGINE_UNAVAILABLE') return error.message;
    throw error;
  }
}

async function whyNoGpu(
  { device = 'cpu', tensorrt }: PaddleBackend,
  { build, version }: PaddleRuntime,
): Promise<string | undefined> {
  if (device === 'cpu') return undefined;
  const wanted = tensorrt === undefined || tensorrt === false ? 'CUDA' : 'TensorRT';
  if (build.device === 'cpu') {
    return `Paddle ${version} here was built without ${wanted}; npx paddlelab runtime install --gpu`;
  }
  const { gpus } = await findDevices();
  const index = Number(device.split(':')[1] ?? 0);
  if (gpus.length === 0) return 'this machine has no GPU that nvidia-smi lists';
  return gpus.some((gpu) => gpu.index === index)
    ? undefined
    : `this machine has no gpu:${index}; it has ${gpus.length}`;
}
