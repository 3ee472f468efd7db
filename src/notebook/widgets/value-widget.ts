import { invalidArgument } from '../../validate';
import { Changes } from './changes';
import type { State } from './model';
import { Widget, type WidgetParts } from './widget';

/** A widget that holds a value, which the person at the page and the code of cells can change. */
export abstract class ValueWidget<T> extends Widget implements AsyncIterable<T> {
  readonly #changes = new Changes<T>('newest');
  /** The part of the state that holds it. */
  readonly #key: string;

  /** @internal */
  constructor(label: string, parts: WidgetParts, key = 'value') {
    super(label, parts);
    this.#key = key;
  }

  /** Also to be set; then the page shows it, and handlers are called. */
  get value(): T {
    return this.read(this.state(this.#key));
  }

  set value(next: T) {
    const before = this.value;
    this.setState({ [this.#key]: this.write(next) });
    if (!Object.is(this.value, before)) this.#changes.emit(this.value);
  }

  /**
   * Calls a handler with each new value. It may be `async`: while it is at work only the newest value waits, so that it
   * never lags behind. What it prints and shows goes to the cell that has called `onChange`, an error too; if that
   * cell runs again, its new handler takes the place of the old one.
   */
  onChange(handler: (value: T) => unknown): this {
    this.#changes.handle(checkHandler(handler));
    return this;
  }

  /** @internal Hears of changes at once; must not run code of a cell. */
  listen(hear: () => void): void {
    this.#changes.listen(hear);
  }

  /** The new values as they come, for `for await`: those that come in between are left out. Ends when it is closed. */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.#changes.iterate();
  }

  /** @internal The value as cells see it. */
  protected abstract read(state: unknown): T;

  /** @internal The value as the front end sees it; refuses what makes no sense. */
  protected abstract write(value: T): unknown;

  /** @internal Whether the front end may set this. */
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
