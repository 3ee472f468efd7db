import { compareBackends } from '../../compare/compare-backends';
import { PaddleLabError } from '../../errors';
import { planImages } from '../../infer/plan';
import { loadModel } from '../../model/load-model';
import { throwIfAborted } from '../../validate';
import { interruptible } from '../interruptible';
import { say } from '../print';
import { isBareClassifier, tutorialConfig } from './bare-classifier';
import type { InferRequest } from './request';

/**
 * `--run_benchmark`: Paddle's protocol on the first image, and its log. As in the scripts nothing is saved.
 *
 * @throws PaddleLabError INVALID_ARGUMENT for a video or a camera
 */
export async function runBenchmark(request: InferRequest): Promise<number> {
  const { source, load, benchmark = {}, threshold } = request;
  if (source.kind !== 'images') throw new PaddleLabError('INVALID_ARGUMENT', 'Expected an image for measuring');
  const work = async (signal: AbortSignal): Promise<number> => {
    const [image] = await planImages(source.paths, source.recursive);
    const config = (await isBareClassifier(request.model, load)) ? tutorialConfig(request.bareClassifier) : load.config;
    const engine = await engineOf(request, signal);
    const { device, precision, tensorrt, threads, runtime, format } = load;
    const report = await compareBackends(request.model, image?.file, {
      backends: [
        { device, precision, tensorrt, engine, ...(threads === undefined ? {} : { threads }), name: 'benchmark' },
      ],
      preset: 'paddle',
      mode: 'endToEnd',
      ...(benchmark.warmup === undefined ? {} : { warmup: Math.max(1, benchmark.warmup) }),
      ...(benchmark.repeats === undefined ? {} : { runs: benchmark.repeats, rounds: Math.min(10, benchmark.repeats) }),
      ...(runtime === undefined ? {} : { runtime }),
      ...(format === undefined ? {} : { format }),
      ...(threshold === undefined ? {} : { threshold }),
      ...(config === undefined ? {} : { config }),
      signal,
    });
    throwIfAborted(signal);
    const [row] = report.rows;
    if (row?.kind !== 'measured')
      throw new PaddleLabError('PREDICTOR_RUN_FAILED', `Nothing was measured: ${row?.reason}`);
    const log = report.toBenchmarkLog('benchmark').trimEnd();
    say(
      benchmark.name === undefined
        ? log
        : log.replace(/^(.*model_name: ).*$/m, (_, head: string) => head + benchmark.name),
    );
    return 0;
  };
  return interruptible(work, () => 'Measurements are not saved; run the same command to start over.');
}

/** The engine that `loadModel` would choose. */
async function engineOf({ model, load }: InferRequest, signal: AbortSignal) {
  if (load.engine !== undefined && load.engine !== 'auto') return load.engine;
  const loaded = await loadModel(model, { ...load, task: 'tensors', signal });
  await loaded.dispose();
  return loaded.runtime.engine;
}
