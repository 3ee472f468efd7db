import type { RgbImage } from '../image/image';
import { inExportOrder } from '../model-io/export-order';
import { type PreparedImage, prepareImage, readOutputs } from '../model-io/model-io';
import { padInputs } from '../predict/batch';
import { batchOrder, specForBatch } from '../predict/batch-order';
import { mapOrdered } from '../predict/map-ordered';
import { predict } from '../predict/predict';
import { runSize } from '../predict/predict-batch';
import { returnToPool } from '../preprocess/float-pool';
import type { TextRecognitionResult } from '../results';
import type { ModelSpec } from '../spec/spec';
import { throwIfAborted } from '../validate';
import type { TextReader } from './text-reader';

/** How lines are read. */
export interface LineOptions {
  readonly reader: TextReader;
  readonly batchSize: number;
  readonly signal: AbortSignal | undefined;
}

/** While the lines of one batch are read, those of the next are prepared. */
const batchesUnderWay = 2;

/**
 * Reads lines that were cut out. As in Python's pipelines, those of a batch are as wide as the widest of them. On a CPU
 * each of them is a run of its own, which gives the same numbers in less time, and runs are side by side.
 */
export async function readLines(crops: readonly RgbImage[], options: LineOptions): Promise<TextRecognitionResult[]> {
  const { batchSize, signal, reader } = options;
  const { recognition } = reader;
  if (recognition.runtime.device !== 'cpu') {
    return predict(recognition, crops, { batchSize, ...(signal !== undefined && { signal }) });
  }
  const size = runSize(recognition, batchSize);
  const order = await batchOrder(recognition.spec, crops, size);
  const batches = Array.from({ length: Math.ceil(order.length / size) }, (_, i) =>
    order.slice(i * size, (i + 1) * size),
  );
  // The widest first: Paddle's allocator keeps memory of each size that it has not seen a larger one of before.
  batches.reverse();
  const results: TextRecognitionResult[] = [];
  const read = (places: readonly number[]) =>
    readBatch(
      places.map((place) => crops[place] as RgbImage),
      options,
    );
  let n = 0;
  for await (const texts of mapOrdered(batches, batchesUnderWay, read)) {
    for (const [i, place] of (batches[n++] as number[]).entries()) results[place] = texts[i] as TextRecognitionResult;
  }
  return results;
}

/** A line as the network's input. */
interface PreparedLine extends PreparedImage {
  readonly preprocessMs: number;
  /** Its tensors, as wide as those of its batch. */
  readonly feeds: PreparedImage['inputs'];
}

interface Batch extends Omit<LineOptions, 'batchSize'> {
  /** The recogniser's, with the width of this batch. */
  readonly spec: ModelSpec;
  readonly lines: readonly PreparedLine[];
}

async function readBatch(
  crops: readonly RgbImage[],
  { reader, signal }: LineOptions,
): Promise<TextRecognitionResult[]> {
  throwIfAborted(signal);
  const { spec: own, session } = reader.recognition;
  const spec = specForBatch(own, crops);
  const names = session.inputs.map(({ name }) => name);
  const prepared: Omit<PreparedLine, 'feeds'>[] = [];
  for (const crop of crops) {
    const started = performance.now();
    const line = await prepareImage(spec, names, crop);
    prepared.push({ ...line, preprocessMs: performance.now() - started });
  }
  const padded = padInputs(prepared);
  const lines = prepared.map((line, i) => ({ ...line, feeds: padded[i] as PreparedImage['inputs'] }));
  const batch = { spec, lines, reader, signal };
  return Promise.all(lines.map((line) => readLine(line, batch)));
}

async function readLine(line: PreparedLine, { spec, lines, reader, signal }: Batch): Promise<TextRecognitionResult> {
  const { image, inputs, feeds, preprocessMs } = line;
  const { outputs, inferenceMs, session } = await reader.recognitionSessions.use(async (session) => {
    throwIfAborted(signal);
    const started = performance.now();
    const outputs = await session.run(feeds, { signal });
    session.releaseInputs?.();
    return { outputs, inferenceMs: performance.now() - started, session };
  });
  for (const { data } of Object.values(inputs)) returnToPool(data);
  const batchWidth = lines.length > 1 ? Object.values(feeds)[0]?.shape[3] : undefined;
  const read = {
    image,
    threshold: undefined,
    timings: { decodeMs: 0, preprocessMs, inferenceMs },
    ...(batchWidth !== undefined && { batchWidth }),
  };
  const result = await readOutputs(spec, 'text-recognition', inExportOrder(spec, outputs), read);
  session.freeOutputs?.(outputs);
  return result;
}
