// onnxruntime-node on a converted model, in a process of its own.
import { messageOf } from '../../errors';
import { dataTypeOfArray } from '../../inference/data-type';
import { measureTurn } from '../measure-turn';
import type { Feed, OpenRequest, Reply, TurnRequest, WireTensor } from '../protocol';

/** The little of onnxruntime-node that is used. */
interface OnnxRuntime {
  readonly env?: { readonly versions?: { readonly common?: string } };
  readonly InferenceSession: {
    create(file: string, options: object): Promise<Session>;
  };
  readonly Tensor: new (type: string, data: WireTensor['data'], shape: readonly number[]) => OnnxTensor;
}
interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data: WireTensor['data'];
}
interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
}

interface RivalRequest {
  readonly module: string;
  readonly model: string;
  readonly threads: number;
}

let session: Session | undefined;
let feeds: Readonly<Record<string, OnnxTensor>>[] = [];

async function open(request: OpenRequest): Promise<Reply> {
  const { module, model, threads } = request.rival as RivalRequest;
  const started = performance.now();
  const runtime = require(module) as OnnxRuntime;
  const created = await runtime.InferenceSession.create(model, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const loadMs = performance.now() - started;
  session = created;
  feeds = request.feeds.map((feed) => toTensors(runtime, created, feed));
  const before = performance.now();
  const outputs = [await created.run(feeds[0] ?? {})];
  const firstRunMs = performance.now() - before;
  for (const feed of feeds.slice(1, request.images)) outputs.push(await created.run(feed));
  const library = `onnxruntime-node ${runtime.env?.versions?.common ?? ''}`.trim();
  const found = outputs.map((output) => created.outputNames.map((name) => toWire(name, output[name]!)));
  return { kind: 'opened', loadMs, firstRunMs, outputs: found, library };
}

function toTensors(runtime: OnnxRuntime, { inputNames }: Session, feed: Feed): Record<string, OnnxTensor> {
  const wanted = feed.filter(({ name }) => inputNames.includes(name));
  return Object.fromEntries(
    wanted.map(({ name, dtype, data, shape }) => [name, new runtime.Tensor(dtype, data, shape)]),
  );
}

function toWire(name: string, { data, dims }: OnnxTensor): WireTensor {
  return { name, dtype: dataTypeOfArray(data) ?? 'float32', shape: [...dims], data };
}

async function turn(request: TurnRequest): Promise<Reply> {
  return measureTurn(request, 1, async (_lane, feed) => {
    await session?.run(feeds[feed] ?? {});
    return undefined;
  });
}

process.on('message', (request: OpenRequest | TurnRequest) => {
  const work = request.kind === 'open' ? open(request) : turn(request);
  work
    .catch((error: unknown): Reply => ({ kind: 'error', code: undefined, message: messageOf(error) }))
    .then((reply) => process.send?.(reply));
});
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
