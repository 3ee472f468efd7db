import { backendKind } from '../backends/backend-kinds';
import { type ExternalRuntime, externalKind } from '../backends/external/external-runtimes';
import { isExternal, isPaddle, type NamedBackend, type SessionBackend } from '../backends/named-backends';
import { isPipeline, type PipelineBackend } from '../backends/pipeline-backend';
import { whyNoPrecision } from '../inference/cpu-precision';
import { resolveEngine } from '../inference/engine';
import { readModelSpec } from '../layouts/layouts';
import type { Task } from '../results';
import { findRuntime } from '../runtime';
import { findCpu } from '../runtime/devices';
import type { ModelSpec } from '../spec/spec';
import { taskOfModel } from '../tasks/tasks';
import type { Launch } from './channel';
import type { ComparedModel } from './compared-model';
import type { OpenRequest, ProgramFiles } from './measuring-protocol';
import type { CheckedOptions } from './options';
import { sameWeights } from './weights';

/** A backend that can be started, or the reason why it can't. */
export type PlannedBackend =
  | {
      readonly kind: 'ready';
      readonly backend: NamedBackend;
      readonly launch: Launch;
      readonly request: OpenRequest;
      /** Whether its parameters differ from those of the compared model. */
      readonly ownWeights: boolean;
    }
  | { readonly kind: 'unavailable'; readonly backend: NamedBackend; readonly reason: string };

/**
 * Determines what is needed before any process is started: Paddle's builds, devices, and the operators of the model.
 */
export async function planBackends(compared: ComparedModel, options: CheckedOptions): Promise<PlannedBackend[]> {
  const plannedBackends: PlannedBackend[] = [];
  for (const backend of options.backends) plannedBackends.push(await planBackend(backend, compared, options));
  return plannedBackends;
}

async function planBackend(
  backend: NamedBackend,
  compared: ComparedModel,
  options: CheckedOptions,
): Promise<PlannedBackend> {
  if (isPipeline(backend)) return planPipeline(backend, compared, options);
  const common = requestOf(await filesOf(backend, compared, options), compared, options);
  return isExternal(backend)
    ? planExternal(backend, common, compared, options)
    : planSession(backend, common, compared);
}

function planPipeline(
  backend: PipelineBackend & { readonly name: string },
  compared: ComparedModel,
  options: CheckedOptions,
): PlannedBackend {
  if (options.protocol.mode !== 'endToEnd') {
    const reason = 'pipelines are measured in mode "endToEnd" only, because images are sent to them, not tensors';
    return { kind: 'unavailable', backend, reason };
  }
  const { endToEnd, ...common } = requestOf(compared.spec.files, compared, options);
  const { spec } = compared;
  // The server may have another threshold of its own.
  const usual = taskOfModel(spec).boxRows ? (spec.outputs.threshold ?? 0.5) : undefined;
  const images = endToEnd && { ...endToEnd, threshold: options.threshold ?? usual };
  const request = { ...common, feeds: [], pipeline: backend, ...(images && { endToEnd: images }) };
  return { kind: 'ready', backend, launch: { kind: 'session' }, request, ownWeights: false };
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
    return unavailable("clones can't run concurrently: they share one inference request of Paddle's OpenVINO engine");
  }
  const { root } = await findRuntime({ runtime: backend.runtime });
  const { model: _, clones: __, name: ___, ...own } = backend;
  const opened = { ...own, engine, precision, threads, runtime: root };
  const ran = { ...backend, engine, precision, threads };
  return { kind: 'ready', backend: ran, launch, request: { ...common, clones, backend: opened }, ownWeights };
}

async function planExternal(
  backend: ExternalRuntime & { readonly name: string },
  common: OpenRequest,
  { format }: ComparedModel,
  options: CheckedOptions,
): Promise<PlannedBackend> {
  const unavailable = (reason: string): PlannedBackend => ({ kind: 'unavailable', backend, reason });
  if (options.protocol.mode === 'endToEnd') {
    return unavailable('external runtimes are measured in mode "model" only, because they read tensors from files');
  }
  const kind = externalKind(backend);
  const takesPython = kind.keys.includes('python') && options.python !== undefined;
  const chosen = takesPython ? { python: options.python, ...backend } : backend;
  const started = kind.start(chosen, { format, threads: backend.threads ?? 1 });
  if (started.kind === 'unavailable') return unavailable(started.reason);
  const engine = kind.engine?.(backend);
  const reason = engine && whyNoPrecision(engine, backend.precision ?? 'fp32', await findCpu());
  if (reason !== undefined) return unavailable(reason);
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

/**
 * The task in other processes. A user's task is only known there if a file registers it; it is then found by the
 * model's folder.
 */
function taskOf({ task }: ModelSpec): Exclude<Task, 'custom'> {
  return task === 'custom' ? 'tensors' : task;
}

async function filesOf(backend: NamedBackend, compared: ComparedModel, options: CheckedOptions): Promise<ProgramFiles> {
  const own = isPaddle(backend) ? backend.model : undefined;
  if (own === undefined) return compared.spec.files;
  const { format, config, signal } = options;
  const { files } = await readModelSpec(own, { format, config, assumedTask: taskOf(compared.spec), signal });
  return files;
}
