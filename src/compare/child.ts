// One backend is measured in a process of its own: nothing is shared with the others, and a crash is only this one's.
import { messageOf, PaddleLabError } from '../errors';
import { loadModel } from '../model/load-model';
import { findingsOf } from './agreement';
import type { MeasureReply, MeasureRequest } from './protocol';

const fewestRuns = 3;

async function measure(request: MeasureRequest): Promise<MeasureReply> {
  const { image, warmup, runs, maxSeconds, threshold } = request;
  const started = performance.now();
  const model = await loadModel(request.directory, { ...request.options, trial: false });
  const loaded = performance.now();
  const { inputs, image: size } = await model.preprocess(image);
  const beforeFirst = performance.now();
  const outputs = await model.predictor.run(inputs);
  const firstRunMs = performance.now() - beforeFirst;
  for (let i = 1; i < warmup; i++) await model.predictor.run(inputs);
  const latenciesMs: number[] = [];
  const deadline = performance.now() + maxSeconds * 1000;
  while (latenciesMs.length < runs && (latenciesMs.length < fewestRuns || performance.now() < deadline)) {
    const before = performance.now();
    await model.predictor.run(inputs);
    latenciesMs.push(performance.now() - before);
  }
  const result = await model.postprocess(outputs, { image: size, threshold });
  const { paddle } = model.runtime;
  return {
    kind: 'measured',
    latenciesMs,
    loadMs: loaded - started,
    firstRunMs,
    findings: findingsOf(result, outputs),
    paddle,
  };
}

function toReply(error: unknown): MeasureReply {
  const code = error instanceof PaddleLabError ? error.code : undefined;
  return { kind: 'error', code, message: messageOf(error) };
}

process.once('message', (request: MeasureRequest) => {
  measure(request)
    .catch(toReply)
    .then((reply) => process.send?.(reply, () => process.disconnect()));
});
// The parent is gone or has given up; a native run in progress can't be waited for.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
