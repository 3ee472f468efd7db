import type { InferenceSession } from '../../backends/session';
import { PaddleLabError } from '../../errors';
import { decodeImage, type RgbImage } from '../../image/image';
import { readImageSize } from '../../image/image-size';
import type { RunInputs } from '../../inference/feeds';
import type { Tensor } from '../../inference/tensor';
import type { AnyModel } from '../../model/load-model';
import type { Model } from '../../model/model';
import type { PredictResult } from '../../results';
import { batchKey, split, stack } from './batches';
import { type QueueLimits, RunQueue, type WaitOptions } from './run-queue';
import { type WarmModel, warmUp } from './warm-up';

export interface ServedModelOptions extends QueueLimits {
  /** Number of runs at the same time. */
  readonly sessions: number;
  readonly ran: (requests: number, milliseconds: number) => void;
  /** Whether the model is disposed when it is unloaded. */
  readonly owned: boolean;
}

/** What `predict` gives for an image, and the pixels that it was made of. */
export interface PredictedImage {
  readonly result: PredictResult;
  readonly pixels: RgbImage;
}

/** An image to predict on. */
export interface PredictRequest {
  /** The bytes of its file. */
  readonly image: Buffer;
  readonly threshold: number | undefined;
  readonly maxPixels: number;
}

/** A model that is loaded, warm and takes requests. */
export class ServedModel {
  private constructor(
    readonly model: AnyModel,
    readonly ports: WarmModel,
    private readonly queue: RunQueue,
    private readonly copies: readonly InferenceSession[],
    private readonly owned: boolean,
  ) {}

  /** @throws PaddleLabError if the model can't run; it is then disposed, if it is the server's own */
  static async open(model: AnyModel, options: ServedModelOptions): Promise<ServedModel> {
    const { sessions, ran, owned, ...limits } = options;
    const copies: InferenceSession[] = [];
    try {
      while (copies.length < sessions - 1) copies.push(await model.session.copy());
      const all = [model.session, ...copies];
      const ports = await warmUp(model, all);
      const { spec } = model;
      const batching = {
        key: batchKey,
        stack,
        split: (outputs: readonly Tensor[], n: number) => split(spec, outputs, n),
      };
      const queue = new RunQueue(all, limits, ports.batches ? batching : undefined, ran);
      return new ServedModel(model, ports, queue, copies, owned);
    } catch (error) {
      await Promise.all(copies.map((copy) => copy.dispose()));
      if (owned) await model.dispose();
      throw error;
    }
  }

  /** Number of requests that wait for a session. */
  get waiting(): number {
    return this.queue.length;
  }

  run(inputs: RunInputs, options: WaitOptions): Promise<Tensor[]> {
    return this.queue.submit(inputs, options);
  }

  /** As `predict`: decoding, preprocessing, a run in the queue, postprocessing. */
  async predict({ image, threshold, maxPixels }: PredictRequest, options: WaitOptions): Promise<PredictedImage> {
    const model = this.model as Model;
    if (model.kind === 'tensors') {
      throw new PaddleLabError(
        'MODEL_UNSUPPORTED',
        'This model has no task, so that its results are tensors: use infer',
      );
    }
    await checkPixels(image, maxPixels);
    const pixels = await decodeImage(image);
    const { inputs } = await model.preprocess(pixels);
    const outputs = await this.queue.submit(inputs, options);
    const { width, height } = pixels;
    const result = await model.postprocess(outputs, {
      image: { width, height },
      ...(threshold === undefined ? {} : { threshold }),
    });
    return { result, pixels };
  }

  /** Ends the requests that were taken, refuses others, and frees the network. */
  async close(reason: string): Promise<void> {
    await this.queue.close(reason);
    await Promise.all(this.copies.map((copy) => copy.dispose()));
    if (this.owned) await this.model.dispose();
  }
}

/** A small file may have many pixels. */
async function checkPixels(image: Buffer, maxPixels: number): Promise<void> {
  const { width, height } = await readImageSize(image);
  if (width * height <= maxPixels) return;
  throw new PaddleLabError(
    'TOO_LARGE',
    `Expected an image of at most ${maxPixels} pixels but received ${width}×${height}; send a smaller one, or raise --max-pixels`,
  );
}
