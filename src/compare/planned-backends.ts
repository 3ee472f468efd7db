import { backendKind } from '../backends/backend-kinds';
import { type ExternalRuntime, startExternal } from '../backends/external/external-runtimes';
import { isExternal, isPaddle, type NamedBackend, type SessionBackend } from '../backends/named-backends';
import { whyNoPrecision } from '../inference/cpu-precision';
import { type Engine, resolveEngine } from '../inference/engine';
import { readModelSpec } from '../layouts/layouts';
import type { Task } from '../results';
import { findRuntime } from '../runtime';
import { findCpu } from '../runtime/devices';
import type { ModelSpec } from '../spec/spec';
import type { Launch } from './channel';
import type { ComparedModel } from './compared-model';
import type { OpenRequest, ProgramFiles } from './measuring-protocol';
import type { CheckedOptions } from './options';
import { sameWeights } from './weights';

/** A backend that can be started, or why it can't be. */
export type PlannedBackend =
  | {
      readonly kind: 'ready';
      readonly backend: NamedBackend;
      readonly launch: Launch;
      readonly request: OpenRequest;
      /** Whether its parameters are other ones than the compared model's. */
      readonly ownWeights: boolean;
    }
  | { readonly kind: 'unavailable'; readonly backend: NamedBackend; readonly reason: string };

/** What has to be known before anything is started: Paddle's builds, devices, and what is in the model. */
export async function planBackends(subject: ComparedModel, options: CheckedOptions): Promise<PlannedBackend[]> {
  const plannedBackends: PlannedBackend[] = [];
  for (const backend of options.backends) plannedBackends.push(await planBackend(backend, subject, options));
  return plannedBackends;
}

async function planBackend(
  backend: NamedBackend,
  subject: ComparedModel,
  options: CheckedOptions,
): Promise<PlannedBackend> {
  const common = requestOf(await filesOf(backend, subject, options), subject, options);
  return isExternal(backend) ? planExternal(backend, common, subject, options) : planSession(backend, common, subject);
}

async function planSession(
  backend: SessionBackend & { readonly name: string },
  common: OpenRequest,
  { spec, format }: ComparedModel,
): Promise<PlannedBackend> {
  const unavailable = (reason: string): PlannedBackend => ({ kind: 'unavailable', backend, reason });
  const kind = backendKind(backend.kind ?? 'paddle');
  const { program, params, directory } = common;
  const reason = await kind.whyUnavailable?.(backend, { program, params, format, directory });
  if (reason !== undefined) return unavailable(reason);
  const modules = kind.module === undefined ? {} : { modules: [kind.module] };
  const launch = { kind: 'session' } as const;
  const ownWeights = !(await sameWeights(params, spec.files.params));
  if (!isPaddle(backend)) {
    return { kind: 'ready', backend, launch, request: { ...common, ...modules, backend }, ownWeights };
  }
  const { engine, precision, threads } = resolveEngine(backend, format);
  const clones = backend.clones ?? 1;
  if (engine === 'openvino' && clones > 1) {
    return unavailable("clones can't run at once: Paddle's OpenVINO engine has one inference for all of them");
  }
  const { root } = await findRuntime({ runtime: backend.runtime });
  const { model: _, clones: __, name: ___, ...own } = backend;
  const opened = { ...own, engine, precision, threads, runtime: root };
  const ran = { ...backend, engine, precision, threads };
  return { kind: 'ready', backend: ran, launch, request: { ...common, clones, backend: opened }, ownWeights };
}

/** The engine whose precisions an external runtime has. */
function engineOfExternal(backend: ExternalRuntime): Engine | undefined {
  if (backend.kind === 'paddle-python') return backend.engine ?? 'onednn';
  return backend.kind === 'openvino-runtime' ? 'openvino' : undefined;
}

async function planExternal(
  backend: ExternalRuntime & { readonly name: string },
  common: OpenRequest,
  { format }: ComparedModel,
  options: CheckedOptions,
): Promise<PlannedBackend> {
  const unavailable = (reason: string): PlannedBackend => ({ kind: 'unavailable', backend, reason });
  if (options.protocol.mode === 'endToEnd') {
    return unavailable('external runtimes are measured in mode "model" only, since they take tensors from files');
  }
  const engine = engineOfExternal(backend);
  const precision = backend.precision ?? 'fp32';
  const reason =
    backend.kind === 'paddle-python' && precision === 'int8'
      ? 'paddle-python runs in fp32, fp16 and bf16 only'
      : engine && whyNoPrecision(engine, precision, await findCpu());
  if (reason !== undefined) return unavailable(reason);
  const inPython = backend.kind === 'paddle-python' || backend.kind === 'openvino-runtime';
  const chosen = inPython && options.python !== undefined ? { python: options.python, ...backend } : backend;
  const started = startExternal(chosen, { format, threads: backend.threads ?? 1 });
  if (started.kind === 'unavailable') return unavailable(started.reason);
  const { command, args, request: external } = started;
  const launch = { kind: 'external', command, args } as const;
  return { kind: 'ready', backend: chosen, launch, request: { ...common, external }, ownWeights: false };
}

function requestOf(
  { program, params }: ProgramFiles,
  { feeds, batches, pixels, spec, format }: ComparedModel,
  { protocol, config, threshold }: CheckedOptions,
): OpenRequest {
  const larger = [...batches.values()].filter((batch) => typeof batch !== 'string');
  const { directory } = spec.files;
  const endToEnd = { directory, config, task: taskOf(spec), pixels, threshold };
  return {
    kind: 'open',
    ...{ program, params, format, directory, images: feeds.length, clones: 1, feeds: [...feeds, ...larger] },
    ...(protocol.mode === 'endToEnd' ? { endToEnd } : {}),
  };
}

/** What other processes take a model for. */
/** A task of the user's is known in another process where a file registers it; its model's folder says which. */
function taskOf({ task }: ModelSpec): Exclude<Task, 'custom'> {
  return task === 'custom' ? 'tensors' : task;
}

async function filesOf(backend: NamedBackend, subject: ComparedModel, options: CheckedOptions): Promise<ProgramFiles> {
  const own = isPaddle(backend) ? backend.model : undefined;
  if (own === undefined) return subject.spec.files;
  const { format, config } = options;
  const { files } = await readModelSpec(own, { format, config, assumedTask: taskOf(subject.spec) });
  return files;
}
