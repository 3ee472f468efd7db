// Measures one backend in a separate process: nothing is shared with the others, and a crash affects only this backend.
import { backendKind } from '../backends/backend-kinds';
import type { InferenceSession, Traffic } from '../backends/session';
import { messageOf, PaddleLabError } from '../errors';
import type { Tensor, TensorInput } from '../inference/tensor';
import { readModelSpec } from '../layouts/layouts';
import { prepareImage, readOutputs } from '../model-io/model-io';
import type { ModelSpec } from '../spec/spec';
import { measureStages, measureTurn } from './measure-turn';
import { MeasuredPipeline } from './measured-pipeline';
import type { Feed, OpenRequest, Reply, TurnRequest } from './measuring-protocol';

interface Opened {
  readonly sessions: readonly InferenceSession[];
  readonly feeds: readonly Readonly<Record<string, TensorInput>>[];
  readonly request: OpenRequest;
  /** Set if preprocessing and postprocessing are measured as well. */
  readonly spec: ModelSpec | undefined;
}

let opened: Opened | undefined;
let pipeline: MeasuredPipeline | undefined;

async function open(request: OpenRequest): Promise<Reply> {
  if (request.pipeline !== undefined) {
    const { measured, reply } = await MeasuredPipeline.open(request);
    pipeline = measured;
    return reply;
  }
  const { program, params, format, directory, backend, clones, endToEnd } = request;
  if (backend === undefined) throw new Error('No backend');
  for (const file of request.modules ?? []) require(file);
  const started = performance.now();
  const kind = backendKind(backend.kind ?? 'paddle');
  const first = await kind.open(backend, { program, params, format, directory }, { trial: false });
  const sessions = [first];
  while (sessions.length < clones) sessions.push(await first.copy());
  const loadMs = performance.now() - started;
  const feeds = request.feeds.map(toInputs);
  const beforeRun = performance.now();
  const outputs = [await first.run(feeds[0] ?? {})];
  const firstRunMs = performance.now() - beforeRun;
  for (const feed of feeds.slice(1, request.images)) outputs.push(await first.run(feed));
  const spec = endToEnd === undefined ? undefined : await specOf(request);
  opened = { sessions, feeds, request, spec };
  return { kind: 'opened', loadMs, firstRunMs, outputs: outputs.map(toFeed), library: first.info.library };
}

async function specOf({ endToEnd, format }: OpenRequest): Promise<ModelSpec> {
  const { directory = '', config, task } = endToEnd ?? {};
  return readModelSpec(directory, { format, config, assumedTask: task });
}

function toInputs(feed: Feed): Record<string, TensorInput> {
  return Object.fromEntries(feed.map(({ name, dtype, shape, data }) => [name, { dtype, shape, data }]));
}

function toFeed(outputs: readonly Tensor[]): Feed {
  return outputs.map(({ name, dtype, shape, data }) => ({ name, dtype, shape, data }));
}

async function turn(request: TurnRequest): Promise<Reply> {
  if (pipeline !== undefined) return pipeline.turn(request);
  if (opened === undefined) throw new Error('Nothing was opened');
  const { sessions } = opened;
  const before = sessions[0]?.traffic;
  const reply = await measure(request, opened);
  const after = sessions[0]?.traffic;
  if (reply.kind !== 'turned' || before === undefined || after === undefined) return reply;
  const runs = request.warmup * sessions.length + reply.latenciesMs.length;
  const perRun = (key: keyof Traffic): number => (after[key] - before[key]) / runs;
  return { ...reply, traffic: { sentBytes: perRun('sentBytes'), receivedBytes: perRun('receivedBytes') } };
}

async function measure(request: TurnRequest, opened: Opened): Promise<Reply> {
  const { sessions, feeds, spec } = opened;
  if (spec !== undefined && request.feeds.every((feed) => feed < opened.request.images)) {
    return measureModel(request, sessions[0] as InferenceSession, spec, opened.request);
  }
  const [only, ...copies] = sessions;
  if (only?.timeRuns !== undefined && copies.length === 0) {
    const { warmup, runs, maxMs } = request;
    const inputs = request.feeds.map((feed) => feeds[feed] ?? {});
    const latenciesMs = await only.timeRuns(inputs, { warmup, runs, maxMs });
    return { kind: 'turned', latenciesMs, wallMs: latenciesMs.reduce((sum, ms) => sum + ms, 0) };
  }
  return measureTurn(request, sessions.length, async (place, feed) => {
    await (sessions[place] as InferenceSession).run(feeds[feed] ?? {});
  });
}

/** Everything from pixels to a result, each stage timed separately. */
function measureModel(
  request: TurnRequest,
  session: InferenceSession,
  spec: ModelSpec,
  { endToEnd }: OpenRequest,
): Promise<Reply> {
  const names = session.inputs.map(({ name }) => name);
  return measureStages(request, async (index) => {
    const pixels = endToEnd?.pixels[index];
    if (pixels === undefined) throw new Error('No pixels');
    const started = performance.now();
    const { inputs, image } = await prepareImage(spec, names, pixels);
    const prepared = performance.now();
    const outputs = await session.run(inputs);
    const ran = performance.now();
    await readOutputs(spec, spec.task, outputs, { image, threshold: endToEnd?.threshold });
    const postprocessMs = performance.now() - ran;
    return { preprocessMs: prepared - started, inferenceMs: ran - prepared, postprocessMs };
  });
}

function toReply(error: unknown): Reply {
  const code = error instanceof PaddleLabError ? error.code : undefined;
  return { kind: 'error', code, message: messageOf(error) };
}

process.on('message', (request: OpenRequest | TurnRequest) => {
  const work = request.kind === 'open' ? open(request) : turn(request);
  work.catch(toReply).then((reply) => process.send?.(reply));
});
// Ctrl-C reaches all processes of a terminal; the parent decides when this one ends.
process.on('SIGINT', () => undefined);
// The parent has exited or disconnected; a native run can't be interrupted.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
