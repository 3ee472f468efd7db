import type { Traffic } from '../backends/session';
import { loadPipeline } from '../pipelines/load-pipeline';
import type { LoadPipelineOptions } from '../pipelines/options';
import type { Pipeline } from '../pipelines/pipeline';
import type { PredictResult } from '../results';
import { measureStages } from './measure-turn';
import type { OpenRequest, Reply, TurnRequest } from './measuring-protocol';

/** A pipeline that is measured: from the pixels of an image to its result. */
export class MeasuredPipeline {
  private constructor(
    private readonly pipeline: Pipeline,
    private readonly request: OpenRequest,
  ) {}

  static async open(request: OpenRequest): Promise<{ readonly measured: MeasuredPipeline; readonly reply: Reply }> {
    if (request.pipeline === undefined) throw new Error('No pipeline');
    const { kind: _, name: __, url, precision: ___, threads: ____, ...options } = request.pipeline;
    const started = performance.now();
    const pipeline = await loadPipeline(url, options as LoadPipelineOptions);
    const loadMs = performance.now() - started;
    const measured = new MeasuredPipeline(pipeline, request);
    const results: PredictResult[] = [];
    const beforeRun = performance.now();
    let firstRunMs = 0;
    for (let image = 0; image < request.images; image++) {
      results.push(await measured.read(image));
      if (image === 0) firstRunMs = performance.now() - beforeRun;
    }
    // Plain data, which another process can be sent.
    const plain = JSON.parse(JSON.stringify(results)) as PredictResult[];
    const library = `PaddleX's ${pipeline.task}`;
    return { measured, reply: { kind: 'opened', loadMs, firstRunMs, outputs: [], results: plain, library } };
  }

  async turn(request: TurnRequest): Promise<Reply> {
    const before = this.pipeline.traffic;
    const reply = await measureStages(request, async (image) => {
      const { decodeMs, preprocessMs, inferenceMs, postprocessMs } = (await this.read(image)).timings;
      return { preprocessMs: decodeMs + preprocessMs, inferenceMs, postprocessMs };
    });
    const after = this.pipeline.traffic;
    const runs = request.warmup + reply.latenciesMs.length;
    const perRun = (key: keyof Traffic): number => (after[key] - before[key]) / runs;
    return { ...reply, traffic: { sentBytes: perRun('sentBytes'), receivedBytes: perRun('receivedBytes') } };
  }

  private async read(image: number): Promise<PredictResult> {
    const { pixels = [], threshold } = this.request.endToEnd ?? {};
    const own = pixels[image];
    if (own === undefined) throw new Error('a pipeline is sent one image per request');
    return (await this.pipeline.read(own, { threshold, signal: undefined })).result;
  }
}
