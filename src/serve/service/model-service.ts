import { PaddleLabError } from '../../errors';
import { sharedMemoryExtension } from '../../open-inference/shared-memory';
import type { WireTensor } from '../../open-inference/tensor-elements';
import { packageVersion } from '../../package-root';
import type { Task } from '../../results';
import { checkOutputs, checkTensors } from './check-request';
import { type ModelEntry, ModelSlot, type ModelSource, onlyVersion } from './model-slot';
import type { Outcome, ServiceObserver } from './observer';
import { type ServedPort, wireOutput } from './ports';
import { notReady, unknownModel } from './refusals';
import type { QueueLimits, WaitOptions } from './run-queue';
import type { PredictedImage } from './served-model';

export interface ServiceOptions extends QueueLimits {
  /** Number of runs of a model at the same time. */
  readonly sessions: number;
  /** Longest time of a request from its arrival, in milliseconds. */
  readonly timeout: number;
  /** Most elements of a tensor. */
  readonly maxElements: number;
  /** Most pixels of an image. */
  readonly maxPixels: number;
  /** Whether tensors may be in shared memory. */
  readonly sharedMemory: boolean;
}

/** What the protocol calls the metadata of a server. */
export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  readonly extensions: readonly string[];
}

/** What the protocol calls the metadata of a model. */
export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly ServedPort[];
  readonly outputs: readonly ServedPort[];
}

/** A request of any transport. */
export interface InferCall {
  readonly inputs: readonly WireTensor[];
  /** Names of the wanted outputs, in their order; all of them if absent or empty. */
  readonly outputs?: readonly string[] | undefined;
}

export interface InferResult {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly outputs: readonly WireTensor[];
}

/** The registration of a request, which the server waits for before it ends; it has to be released. */
export interface Admission {
  release(): void;
}

export interface CallOptions extends WaitOptions {
  /** The registration that the transport made when the request arrived; by default one is made for the call. */
  readonly admission?: Admission;
}

/**
 * Models behind the Open Inference Protocol, whatever carries it: HTTP and gRPC translate requests into these calls, and
 * errors into their statuses by `code`.
 *
 * - `MODEL_NOT_FOUND`: no such model or version
 * - `INVALID_ARGUMENT`: a wrong request
 * - `TOO_LARGE`: a tensor or request beyond the limits
 * - `SERVER_BUSY`, `NOT_READY`: nothing was run, the same request may be sent again (`ServiceError.retryAfter`)
 * - `TIMED_OUT`, `ABORTED`: cancelled
 * - others: the run failed
 */
export class ModelService {
  private readonly slots: ReadonlyMap<string, ModelSlot>;
  private readonly active = new Set<Admission>();
  private readonly version = packageVersion();
  private isEnding = false;
  private onQuiet: (() => void) | undefined;
  readonly observers: ServiceObserver[] = [];

  constructor(
    sources: ReadonlyMap<string, ModelSource>,
    private readonly options: ServiceOptions,
  ) {
    const observer: ServiceObserver = {
      ran: (run) => this.tell((one) => one.ran?.(run)),
      noted: (note) => this.tell((one) => one.noted?.(note)),
    };
    this.slots = new Map([...sources].map(([name, source]) => [name, new ModelSlot(name, source, options, observer)]));
  }

  private tell(event: (observer: ServiceObserver) => void): void {
    for (const observer of this.observers) event(observer);
  }

  /** Loads and warms all models, one after the other. @throws PaddleLabError if one of them can't be loaded */
  async loadAll(): Promise<void> {
    for (const slot of this.slots.values()) await slot.load();
  }

  /** Whether every model that should be is ready, and the server does not end. */
  get ready(): boolean {
    return !this.isEnding && [...this.slots.values()].every((slot) => slot.ready || !slot.wanted);
  }

  /** Whether the server ends: connections are closed after their next answer. */
  get ending(): boolean {
    return this.isEnding;
  }

  /** Number of requests of each model that wait. */
  get waiting(): ReadonlyMap<string, number> {
    return new Map([...this.slots].map(([name, slot]) => [name, slot.waiting]));
  }

  /** Number of requests that are being received, run or answered. */
  get running(): number {
    return this.active.size;
  }

  serverMetadata(): ServerMetadata {
    const shared = this.options.sharedMemory ? [sharedMemoryExtension] : [];
    const extensions = ['binary_tensor_data', 'model_repository', ...shared];
    return { name: 'paddlelab', version: this.version, extensions };
  }

  /** @throws PaddleLabError MODEL_NOT_FOUND, NOT_READY */
  modelMetadata(name: string, version?: string): ModelMetadata {
    const { model, ports } = this.slotOf(name, version).get();
    const { inputs, outputs } = ports;
    return { name, versions: [onlyVersion], platform: `paddle_${model.spec.files.format}`, inputs, outputs };
  }

  /** @throws PaddleLabError MODEL_NOT_FOUND */
  modelReady(name: string, version?: string): boolean {
    return this.slotOf(name, version).ready && !this.isEnding;
  }

  /** The names of all models. */
  get names(): readonly string[] {
    return [...this.slots.keys()];
  }

  /** The task of a model. @throws PaddleLabError MODEL_NOT_FOUND, NOT_READY */
  taskOf(name: string, version?: string): Task {
    return this.slotOf(name, version).get().model.kind;
  }

  /** Registers a request when it arrives. @throws PaddleLabError NOT_READY while the server ends */
  admit(): Admission {
    if (this.isEnding) throw notReady('This server is about to end and takes no new requests');
    const admission: Admission = {
      release: () => {
        this.active.delete(admission);
        if (this.active.size === 0) this.onQuiet?.();
      },
    };
    this.active.add(admission);
    return admission;
  }

  /** Runs tensors. @throws PaddleLabError, see the class */
  infer(name: string, version: string | undefined, call: InferCall, options: CallOptions = {}): Promise<InferResult> {
    return this.counted(name, options, async (wait) => {
      const served = this.slotOf(name, version).get();
      const { inputs, outputs } = served.ports;
      const indices = checkOutputs(outputs, call.outputs);
      const tensors = await served.run(checkTensors(inputs, call.inputs, this.options.maxElements), wait);
      const wanted = indices.map((index) => wireOutput(tensors[index]!));
      return { modelName: name, modelVersion: onlyVersion, outputs: wanted };
    });
  }

  /** Predicts on the bytes of an image file. @throws PaddleLabError, see the class; IMAGE_UNREADABLE */
  predict(
    name: string,
    version: string | undefined,
    call: { readonly image: Buffer; readonly threshold: number | undefined },
    options: CallOptions = {},
  ): Promise<PredictedImage> {
    const { maxPixels } = this.options;
    return this.counted(name, options, (wait) =>
      this.slotOf(name, version)
        .get()
        .predict({ ...call, maxPixels }, wait),
    );
  }

  private async counted<T>(
    name: string,
    { admission, signal, deadline }: CallOptions,
    work: (wait: WaitOptions) => Promise<T>,
  ): Promise<T> {
    const own = admission === undefined ? this.admit() : undefined;
    const started = performance.now();
    const finished = (outcome: Outcome): void => {
      own?.release();
      const milliseconds = performance.now() - started;
      // Only known names, so that nobody fills the metrics with others.
      if (this.slots.has(name)) this.tell((one) => one.finished?.({ model: name, outcome, milliseconds }));
    };
    const limit = Date.now() + this.options.timeout;
    try {
      const result = await work({ signal, deadline: Math.min(deadline ?? limit, limit) });
      finished('OK');
      return result;
    } catch (error) {
      finished(error instanceof PaddleLabError ? error.code : 'INTERNAL');
      throw error;
    }
  }

  index(): ModelEntry[] {
    return [...this.slots.values()].map(({ entry }) => entry);
  }

  /** Loads a model, or loads it again; it serves until the new one is warm. @throws PaddleLabError */
  async load(name: string): Promise<void> {
    if (this.isEnding) throw notReady('This server is about to end and loads no models');
    await this.slotOf(name).load();
  }

  /** Unloads a model after the requests that were taken. @throws PaddleLabError MODEL_NOT_FOUND */
  async unload(name: string): Promise<void> {
    await this.slotOf(name).unload();
  }

  private slotOf(name: string, version?: string): ModelSlot {
    const slot = this.slots.get(name);
    if (slot === undefined) throw unknownModel(name, this.names);
    if (version === undefined || version === '' || version === onlyVersion) return slot;
    const shown = JSON.stringify(version.slice(0, 100));
    throw new PaddleLabError('MODEL_NOT_FOUND', `Model "${name}" has no version ${shown}; it has ${onlyVersion}`);
  }

  /**
   * Refuses new requests and waits for those that were taken.
   *
   * @param graceMs after this time those that are still there are cancelled
   * @returns how many were cancelled
   */
  async drain(graceMs: number): Promise<number> {
    this.isEnding = true;
    if (this.active.size === 0) return 0;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.onQuiet = resolve;
      timer = setTimeout(resolve, graceMs);
    });
    clearTimeout(timer);
    return this.active.size;
  }

  /** Frees all models. */
  async close(): Promise<void> {
    this.isEnding = true;
    await Promise.all([...this.slots.values()].map((slot) => slot.unload('the server has ended')));
  }
}
