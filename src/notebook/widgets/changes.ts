import { currentCell, currentCellSignal, type RunningCell } from '../../display/live-output';
import { type BoundHandler, requireCommHost } from '../comm-host';

/** How values are queued while a handler runs: only the newest is kept, or all of them in order. */
export type Waiting = 'newest' | 'each';

interface Listener<T> {
  readonly hear: (value: T) => void;
  /** The run of the cell that set it. */
  readonly cell: RunningCell | undefined;
}

/** The listeners of a widget. */
export class Changes<T> {
  readonly #listeners = new Set<Listener<T>>();
  readonly #enders = new Set<() => void>();
  readonly #waiting: Waiting;

  constructor(waiting: Waiting) {
    this.#waiting = waiting;
  }

  emit(value: T): void {
    for (const { hear } of [...this.#listeners]) hear(value);
  }

  /** Ends all listeners. */
  end(): void {
    for (const ender of [...this.#enders]) ender();
    this.#listeners.clear();
    this.#enders.clear();
  }

  /**
   * Adds a listener that is called synchronously and must not run cell code; it replaces the listeners of an earlier
   * run of the cell.
   */
  listen(hear: (value: T) => void): void {
    const cell = currentCell();
    for (const old of this.#listeners) {
      if (old.cell?.id !== undefined && old.cell.id === cell?.id && old.cell.run !== cell.run)
        this.#listeners.delete(old);
    }
    this.#listeners.add({ hear, cell });
  }

  /** Adds a handler that runs as code of the running cell. */
  handle(handler: (value: T) => unknown): void {
    this.listen(oneAfterTheOther(requireCommHost().bind(handler), this.#waiting));
  }

  /** For `for await`; ends when the widget is closed or the cell is interrupted. */
  iterate(): AsyncIterator<T> {
    const waiting: T[] = [];
    let wake: ((result: IteratorResult<T>) => void) | undefined;
    let ended = false;
    const hear = (value: T): void => {
      if (wake !== undefined) {
        wake({ done: false, value });
        wake = undefined;
        return;
      }
      if (this.#waiting === 'newest') waiting.length = 0;
      waiting.push(value);
    };
    const end = (): void => {
      ended = true;
      this.#listeners.delete(listener);
      this.#enders.delete(end);
      wake?.({ done: true, value: undefined });
    };
    const listener: Listener<T> = { hear, cell: undefined };
    this.#listeners.add(listener);
    this.#enders.add(end);
    currentCellSignal()?.addEventListener('abort', end, { once: true });
    return {
      next: () =>
        new Promise((resolve) => {
          if (waiting.length > 0) resolve({ done: false, value: waiting.shift() as T });
          else if (ended) resolve({ done: true, value: undefined });
          else wake = resolve;
        }),
      return: () => {
        end();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}

/** Calls a handler only after its previous call has ended. */
function oneAfterTheOther<T>(start: BoundHandler<T>, policy: Waiting): (value: T) => void {
  const waiting: T[] = [];
  let busy = false;
  const run = (value: T): void => {
    busy = true;
    start(value, (how) => {
      busy = false;
      // An interrupt also drops the queued values.
      if (how === 'interrupted') waiting.length = 0;
      if (waiting.length > 0) run(waiting.shift() as T);
    });
  };
  return (value) => {
    if (!busy) {
      run(value);
      return;
    }
    if (policy === 'newest') waiting.length = 0;
    waiting.push(value);
  };
}
