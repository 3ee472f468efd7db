import { PaddleLabError } from '../errors';
import type { NativeFeed, NativePredictor, NativeStrings } from '../native/paddle-types';
import { invalidArgument } from '../validate';
import type { TensorData } from './data-type';
import { toFeed } from './feeds';
import { checkLod } from './lod';
import type { DeclaredInput } from './program-ports';
import { checkShape, type TensorInput } from './tensor';

/** @internal The predictor functions that a handle uses. */
export interface PredictorAccess {
  call<T>(work: (native: NativePredictor) => Promise<T>): Promise<T>;
  ran(): boolean;
}

/** Array classes that Paddle can read without conversion; float16 and bfloat16 have none. */
const packedTypes: readonly string[] = ['float16', 'bfloat16'];

/**
 * An input of a predictor, as Paddle's Tensor.
 *
 * @example
 * const image = predictor.getInputHandle('image');
 * image.reshape([1, 3, 256, 256]);
 * await image.copyFromCpu(new Float32Array(3 * 256 * 256));
 * const scale = predictor.getInputHandle('scale_factor');
 * scale.reshape([1, 2]);
 * await scale.copyFromCpu(new Float32Array([1, 1]));
 * await predictor.run();
 */
export class InputHandle {
  private current: readonly number[] | undefined;
  private offsets: readonly (readonly number[])[] = [];
  private fed = false;
  /** Memory that Paddle reads; it must not be garbage-collected. */
  private pinned: ArrayBufferView | undefined;
  /** The last array shared without a copy, and its size at that time. */
  private read: { readonly data: ArrayBufferView; readonly bytes: number } | undefined;

  /** @internal Use `predictor.getInputHandle`. */
  constructor(
    private readonly declared: DeclaredInput,
    private readonly predictor: PredictorAccess,
  ) {}

  get name(): string {
    return this.declared.name;
  }

  /** The element type that the program declares. */
  type(): DeclaredInput['dtype'] {
    return this.declared.dtype;
  }

  /** The shape set last, else the declared one, in which −1 is any size. */
  shape(): readonly number[] {
    return this.current ?? this.declared.shape;
  }

  /** The sequence offsets set last. */
  lod(): readonly (readonly number[])[] {
    return this.offsets;
  }

  /**
   * Sets the shape of the data copied next.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  reshape(shape: readonly number[]): void {
    this.current = [...checkShape(`${this.name}.shape`, shape)];
    this.offsets = [];
    this.fed = false;
  }

  /**
   * Copies data in: a typed array in the shape of `reshape`, a tensor with its own shape, or texts for an input of
   * strings. The array must not be changed until the promise settles.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED, PREDICTOR_RUN_FAILED
   */
  async copyFromCpu(data: TensorData | TensorInput | readonly string[]): Promise<void> {
    const feed = Array.isArray(data)
      ? toFeed(this.declared, { strings: data as readonly string[] })
      : toFeed(this.declared, this.asTensor(data as TensorData | TensorInput));
    const settle = this.replace(feed);
    await this.predictor.call((native) => native.feed(feed));
    settle();
  }

  /**
   * Shares the array with Paddle without a copy (zero-copy), for all runs until the input is fed otherwise. Each run
   * reads the contents at its start. The array must not be transferred. Not for float16 and bfloat16, which
   * JavaScript's arrays don't support. Paddle 2.6, 3.x.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED, PREDICTOR_RUN_FAILED
   */
  async shareExternalData(tensor: TensorData | TensorInput): Promise<void> {
    if (packedTypes.includes(this.declared.dtype)) {
      throw invalidArgument(this.name, 'input of a type that JavaScript has, to share memory', this.declared.dtype);
    }
    const feed = toFeed(this.declared, this.asTensor(tensor)) as NativeFeed;
    this.accept(feed);
    this.reads(feed);
    const before = this.pinned;
    this.pinned = feed.data;
    await this.predictor.call((native) => native.share(feed));
    // Kept until here: runs queued before may have read it.
    void before;
  }

  /**
   * Sets the sequence offsets of the copied data, one list per level.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, DISPOSED, PREDICTOR_RUN_FAILED
   */
  async setLod(lod: readonly (readonly number[])[]): Promise<void> {
    if (!this.fed)
      throw new PaddleLabError('INVALID_ARGUMENT', `Input "${this.name}" takes offsets after its elements`);
    checkLod(`${this.name}.lod`, lod, this.current?.[0] ?? 1);
    this.offsets = lod.map((level) => [...level]);
    await this.predictor.call((native) => native.setInputLod(this.name, this.offsets));
  }

  /** @internal Refuses a run before the input was fed. */
  checkReady(): void {
    if (!this.fed) {
      throw new PaddleLabError(
        'INVALID_ARGUMENT',
        `Input "${this.name}" was not fed; copyFromCpu first, or run(inputs)`,
      );
    }
    if (this.read !== undefined && this.read.data.byteLength !== this.read.bytes) {
      throw new PaddleLabError('INVALID_ARGUMENT', `The memory shared with input "${this.name}" was transferred away`);
    }
  }

  /**
   * @internal Call it when new data is fed, here or by `run(inputs)`. Call the returned function when that is done:
   * until then, runs queued before may still read the shared memory.
   *
   * @param lent Paddle reads the array itself, which the caller keeps alive
   */
  replace(feed: NativeFeed | NativeStrings, lent = false): () => void {
    this.accept(feed);
    if (lent && 'data' in feed && feed.lod === undefined) this.reads(feed);
    const before = this.pinned;
    return () => {
      if (this.pinned === before) this.pinned = undefined;
    };
  }

  /** @internal Marks the contents of the input as unknown; shared memory may still be read. */
  doubt(): void {
    this.fed = false;
  }

  /** @internal Paddle has released the contents of the input, unless new data was fed meanwhile. */
  settleEmpty(): void {
    if (!this.fed) this.letGo();
  }

  /** @internal Nothing is fed or read any more. */
  forget(): void {
    this.fed = false;
    this.letGo();
  }

  private letGo(): void {
    this.pinned = undefined;
    this.read = undefined;
  }

  private accept(feed: NativeFeed | NativeStrings): void {
    this.current = 'strings' in feed ? [feed.strings.length] : feed.shape;
    this.offsets = 'strings' in feed ? [] : (feed.lod ?? []);
    this.fed = true;
    this.read = undefined;
  }

  private reads({ data }: NativeFeed): void {
    this.read = { data, bytes: data.byteLength };
  }

  private asTensor(data: TensorData | TensorInput): TensorInput {
    if (!ArrayBuffer.isView(data)) return data;
    if (this.current === undefined) {
      throw new PaddleLabError('INVALID_ARGUMENT', `Input "${this.name}" has no shape yet; reshape it first`);
    }
    return { shape: this.current, data };
  }
}
