import { PaddleLabError } from '../errors';
import type { NativeFeed, NativePredictor, NativeStrings } from '../native/binding';
import { invalidArgument } from '../validate';
import type { TensorData } from './data-type';
import { toFeed } from './feeds';
import { checkLod } from './lod';
import type { DeclaredInput } from './program-ports';
import { checkShape, type TensorInput } from './tensor';

/** @internal What a handle may do with its predictor. */
export interface PredictorAccess {
  call<T>(work: (native: NativePredictor) => Promise<T>): Promise<T>;
  ran(): boolean;
}

/** Array classes that Paddle can read as they are; float16 and bfloat16 have none. */
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
  /** Memory that Paddle reads: it must not be collected. */
  private pinned: ArrayBufferView | undefined;
  /** What was put in last without a copy, and its bytes then. */
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

  /** The shape that was given last, else the declared one, where −1 is any. */
  shape(): readonly number[] {
    return this.current ?? this.declared.shape;
  }

  /** Offsets of the sequences that were given last. */
  lod(): readonly (readonly number[])[] {
    return this.offsets;
  }

  /**
   * Sets the shape of what is copied next.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  reshape(shape: readonly number[]): void {
    this.current = [...checkShape(`${this.name}.shape`, shape)];
    this.offsets = [];
    this.fed = false;
  }

  /**
   * Copies elements in: a typed array in the shape of `reshape`, a tensor with a shape of its own, or texts for an input
   * of strings. The array must not be changed until the promise settles.
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
   * Lets Paddle read the array itself, without a copy, in this and all later runs until the input is given something
   * else. What the array holds when a run begins is what counts. It must not be transferred. Not for float16 and
   * bfloat16, which JavaScript's arrays don't hold. Paddle 2.6, 3.x.
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
    // Held until here: runs queued before may have read it.
    void before;
  }

  /**
   * Sets the offsets of the sequences of what was copied, one list a level.
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
   * @internal Something else goes into the input, here or by `run(inputs)`. What it answers is to be called when that is
   * done: until then runs that were queued before may read the memory shared with them.
   *
   * @param lent Paddle reads the array itself, which somebody else holds
   */
  replace(feed: NativeFeed | NativeStrings, lent = false): () => void {
    this.accept(feed);
    if (lent && 'data' in feed && feed.lod === undefined) this.reads(feed);
    const before = this.pinned;
    return () => {
      if (this.pinned === before) this.pinned = undefined;
    };
  }

  /** @internal What is in the input is not known; memory that was shared may still be read. */
  doubt(): void {
    this.fed = false;
  }

  /** @internal Paddle has let go of what was in the input, unless something new came meanwhile. */
  settleEmpty(): void {
    if (!this.fed) this.letGo();
  }

  /** @internal Nothing is fed any more, and nothing is read. */
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
