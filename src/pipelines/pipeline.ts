import type { ServerPool } from '../backends/open-inference/server-pool';
import type { Traffic } from '../backends/session';
import { inspectCustom } from '../display/display';
import { PaddleLabError } from '../errors';
import { decodeImage, type ImageInput, imageFile, type RgbImage } from '../image/image';
import { loadSharp } from '../image/load-sharp';
import { presentResult } from '../model-io/present-result';
import { textBundle } from '../ocr/result-display';
import { ImagePipeline, type PipelineReading, type PipelineRun } from '../predict/image-pipeline';
import type { PredictResult, TextResult, Timings } from '../results';
import { showControls } from '../text/controls';
import { throwIfAborted } from '../validate';
import { AnswerValues } from './answer-values';
import { exchanges, labelsOf } from './exchanges';
import type { PipelineServer } from './pipeline-server';
import { kindsOfPipelines, type PipelineTask, type ResultByPipeline } from './pipeline-tasks';

/** A server works on one while the next ones are on their way to it. */
const imagesPerServer = 4;

/** The options of a pipeline. */
export interface PipelineSettings {
  readonly labels: readonly string[];
  /** Further fields of each request. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A pipeline on a server of PaddleX; made by `loadPipeline`, used by `predict` and `predictStream`. */
export class Pipeline<T extends PipelineTask = PipelineTask> extends ImagePipeline<ResultByPipeline[T]> {
  readonly kind: ResultByPipeline[T]['kind'];
  readonly imagesAtOnce: number;
  /** Its servers. */
  readonly urls: readonly string[];
  private disposal: Promise<void> | undefined;
  private readonly pending = new Set<Promise<unknown>>();

  /** @internal Use `loadPipeline`. */
  constructor(
    /** What it does, by PaddleX's name of its endpoint. */
    readonly task: T,
    /** The server that was asked first. */
    readonly url: string,
    private readonly pool: ServerPool<PipelineServer>,
    readonly settings: PipelineSettings,
    private readonly close: () => Promise<void>,
  ) {
    super();
    this.kind = kindsOfPipelines[task];
    this.urls = pool.servers.map((server) => server.url);
    this.imagesAtOnce = imagesPerServer * this.urls.length;
  }

  /** Bytes of the bodies that predictions have sent and received so far. */
  get traffic(): Traffic {
    const sum = (key: keyof Traffic): number => this.pool.servers.reduce((total, server) => total + server[key], 0);
    return { sentBytes: sum('sentBytes'), receivedBytes: sum('receivedBytes') };
  }

  /** @internal Use `predict` or `predictStream`. */
  async read(image: ImageInput, options: PipelineRun): Promise<PipelineReading<ResultByPipeline[T]>> {
    if (this.disposal !== undefined) throw new PaddleLabError('DISPOSED', 'This pipeline was disposed before');
    throwIfAborted(options.signal);
    const running = this.run(image, options);
    this.pending.add(running);
    try {
      return await running;
    } finally {
      this.pending.delete(running);
    }
  }

  private async run(
    image: ImageInput,
    { threshold, signal }: PipelineRun,
  ): Promise<PipelineReading<ResultByPipeline[T]>> {
    const started = performance.now();
    const pixels = await decodeImage(image);
    const decoded = performance.now();
    const encoded = await sentImage(image, pixels);
    const { task } = this;
    const { request, read } = exchanges[task];
    const body = { ...this.settings.parameters, ...request(encoded.toString('base64'), threshold) };
    const prepared = performance.now();
    const { width, height } = pixels;
    const { labels } = this.settings;
    const { content, answered } = await this.pool.ask(async (server, limit) => {
      const result = await server.run(task, body, limit);
      const context = { image: { width, height }, labels, threshold: threshold ?? 0 };
      const answered = performance.now();
      return { content: read(new AnswerValues(`${server.url}/${task}`), result, context), answered };
    }, signal);
    const timings: Timings = {
      ...{ decodeMs: decoded - started, preprocessMs: prepared - decoded, inferenceMs: answered - prepared },
      postprocessMs: performance.now() - answered,
    };
    const named = labelsOf(labels, content as Partial<PredictResult>);
    const { kind } = this;
    const result = { kind, image: { width, height }, threshold: threshold ?? 0, labels: named, ...content, timings };
    return { result: present(result as unknown as PredictResult, image) as ResultByPipeline[T], pixels };
  }

  /** Closes its connections after pending predictions; further calls do nothing. */
  dispose(): Promise<void> {
    this.disposal ??= Promise.allSettled(this.pending).then(() => this.close());
    return this.disposal;
  }

  /** `dispose`, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  [inspectCustom](): string {
    return showControls(`Pipeline ${this.task} on ${this.url}`);
  }
}

/** In a notebook a page is shown as one that was read here. */
function present(result: PredictResult, image: ImageInput): PredictResult {
  if (result.kind !== 'text') return presentResult(result, {});
  const decode = typeof image === 'string' ? () => decodeImage(image) : undefined;
  return presentResult(result, { display: () => textBundle(result as TextResult, decode) });
}

/** The file as it is if OpenCV, with which the server reads it, knows its format; otherwise the pixels as PNG. */
async function sentImage(image: ImageInput, { width, height, data }: RgbImage): Promise<Buffer> {
  const file = await imageFile(image);
  if (file !== undefined && isCommon(file)) return Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  return loadSharp()(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** JPEG and PNG. */
function isCommon(file: Uint8Array): boolean {
  return (file[0] === 0xff && file[1] === 0xd8) || (file[0] === 0x89 && file[1] === 0x50);
}
