import { messageOf } from '../../errors';
import type { AnyModel } from '../../model/load-model';
import type { ServiceObserver } from './observer';
import { notReady } from './refusals';
import type { QueueLimits } from './run-queue';
import { ServedModel } from './served-model';

/** Where a model comes from. */
export interface ModelSource {
  load(): Promise<AnyModel>;
  /** Whether the server disposes what it loads. */
  readonly owned: boolean;
}

export type ModelState = 'LOADING' | 'READY' | 'UNLOADING' | 'UNAVAILABLE';

/** A line of the repository's index. */
export interface ModelEntry {
  readonly name: string;
  readonly version: string;
  readonly state: ModelState;
  readonly reason: string;
}

/** The only version of each model. */
export const onlyVersion = '1';

/** A name under which a model is served, whether it is loaded or not. */
export class ModelSlot {
  private served: ServedModel | undefined;
  private state: ModelState = 'UNAVAILABLE';
  private reason = 'not loaded yet';
  /** Loading and unloading one after the other. */
  private last: Promise<unknown> = Promise.resolve();
  /** Whether it should be ready: the server is not ready while it isn't. */
  wanted = true;

  constructor(
    readonly name: string,
    private readonly source: ModelSource,
    private readonly options: QueueLimits & { readonly sessions: number },
    private readonly observer: ServiceObserver,
  ) {}

  get entry(): ModelEntry {
    return { name: this.name, version: onlyVersion, state: this.state, reason: this.reason };
  }

  get ready(): boolean {
    return this.served !== undefined;
  }

  get waiting(): number {
    return this.served?.waiting ?? 0;
  }

  /** @throws PaddleLabError NOT_READY */
  get(): ServedModel {
    if (this.served !== undefined) return this.served;
    throw notReady(`Model "${this.name}" is not ready: ${this.reason}`);
  }

  /** Loads the model; one that is loaded serves until the new one is warm. */
  load(): Promise<void> {
    this.wanted = true;
    return this.next(async () => {
      const before = this.served;
      if (before === undefined) this.become('LOADING', 'it is being loaded');
      try {
        const started = performance.now();
        const loaded = await ServedModel.open(await this.source.load(), {
          ...this.options,
          owned: this.source.owned,
          ran: (requests, milliseconds) => this.observer.ran?.({ model: this.name, requests, milliseconds }),
        });
        this.served = loaded;
        this.become('READY', '');
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        this.note('info', `loaded and warm after ${seconds} s: ${loaded.model.runtime.library}`);
      } catch (error) {
        if (before === undefined) this.become('UNAVAILABLE', messageOf(error));
        this.note('error', `can't be loaded: ${messageOf(error)}`);
        throw error;
      }
      await before?.close('this model is loaded again');
    });
  }

  /** Requests that were taken are answered first. */
  unload(reason = 'it was unloaded'): Promise<void> {
    this.wanted = false;
    return this.next(async () => {
      const { served } = this;
      if (served === undefined) return;
      this.served = undefined;
      this.become('UNLOADING', 'it is being unloaded');
      await served.close(`Model "${this.name}" is not ready: ${reason}`);
      this.become('UNAVAILABLE', reason);
      this.note('info', 'unloaded');
    });
  }

  private next(work: () => Promise<void>): Promise<void> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  private become(state: ModelState, reason: string): void {
    this.state = state;
    this.reason = reason;
  }

  private note(level: 'info' | 'error', text: string): void {
    this.observer.noted?.({ level, model: this.name, text });
  }
}
