import { invalidArgument } from '../../validate';
import { Changes } from './changes';
import type { State } from './model';
import { Widget, type WidgetParts } from './widget';

/** A widget with a value that the user and the code of cells can change. */
export abstract class ValueWidget<T> extends Widget implements AsyncIterable<T> {
  readonly #changes = new Changes<T>('newest');
  /** The key of the value in the state. */
  readonly #key: string;

  /** @internal */
  constructor(label: string, parts: WidgetParts, key = 'value') {
    super(label, parts);
    this.#key = key;
  }

  /** Setting it updates the page and calls the handlers. */
  get value(): T {
    return this.read(this.state(this.#key));
  }

  set value(next: T) {
    const before = this.value;
    this.setState({ [this.#key]: this.write(next) });
    if (!Object.is(this.value, before)) this.#changes.emit(this.value);
  }

  /**
   * Calls a handler with each new value. It may be `async`: while it runs, only the newest value is queued, so that it
   * never lags behind. Its output and errors go to the cell that called `onChange`; if that cell runs again, the new
   * handler replaces the old one.
   */
  onChange(handler: (value: T) => unknown): this {
    this.#changes.handle(checkHandler(handler));
    return this;
  }

  /** @internal Receives changes synchronously; must not run code of a cell. */
  listen(hear: () => void): void {
    this.#changes.listen(hear);
  }

  /**
   * The new values as they arrive, for `for await`; values that arrive during an iteration are skipped except the
   * newest. Ends when the widget is closed.
   */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.#changes.iterate();
  }

  /** @internal The value as cells see it. */
  protected abstract read(state: unknown): T;

  /** @internal The value as the front end sees it; refuses invalid values. */
  protected abstract write(value: T): unknown;

  /** @internal Whether the front end may set this value. */
  protected abstract isValid(state: unknown): boolean;

  /** @internal */
  protected override accepts(change: State): boolean {
    return !(this.#key in change) || this.isValid(change[this.#key]);
  }

  /** @internal */
  protected override changed(change: State): void {
    if (this.#key in change) this.#changes.emit(this.value);
  }

  /** @internal */
  protected override ended(): void {
    this.#changes.end();
  }
}

export function checkHandler<T>(handler: (value: T) => unknown): (value: T) => unknown {
  if (typeof handler !== 'function') throw invalidArgument('handler', 'function', handler);
  return handler;
}
