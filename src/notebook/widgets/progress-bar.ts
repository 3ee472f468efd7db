import { checkNumber, invalidArgument } from '../../validate';
import { escapeHtml } from '../display';
import { ValueWidget } from './value-widget';
import { checkWidgetOptions, type WidgetOptions } from './widget';

export interface ProgressWidgetOptions extends WidgetOptions {
  /** What counts as nothing done; default 0. */
  readonly min?: number;
  /** What counts as all done; default 100. */
  readonly max?: number;
  /** Default `min`. */
  readonly value?: number;
}

/** A bar that is moved by setting its `value`; made by `widgets.progress`. */
export class ProgressWidget extends ValueWidget<number> {
  readonly #min: number;
  readonly #max: number;

  /** @internal */
  constructor(label: string, { min, max, value }: Required<Omit<ProgressWidgetOptions, 'label'>>) {
    const state = { description: label, min, max, value };
    super(label, { name: 'FloatProgress', style: 'ProgressStyle', state });
    this.#min = min;
    this.#max = max;
  }

  protected override read(state: unknown): number {
    return state as number;
  }

  protected override write(value: number): number {
    return checkNumber('value', value, this.#min, this.#max);
  }

  protected override isValid(state: unknown): boolean {
    return typeof state === 'number' && state >= this.#min && state <= this.#max;
  }

  protected override text(): string {
    return `${this.label === '' ? 'progress' : this.label}: ${this.value} of ${this.#max}`;
  }

  protected override html(): string {
    const bar = `<progress max="${this.#max - this.#min}" value="${this.value - this.#min}"></progress>`;
    return `<div>${escapeHtml(this.label)} ${bar} ${this.value} of ${this.#max}</div>`;
  }
}

/**
 * A bar among other widgets that shows how far something is; `progress` is the one for loops and needs no widgets.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * const done = widgets.progress({ label: 'images', max: 3 });
 * await display(done);
 * for (let i = 0; i < 3; i++) done.value += 1;
 */
export function progress(options: ProgressWidgetOptions = {}): ProgressWidget {
  const label = checkWidgetOptions('progress', options, ['min', 'max', 'value']);
  const min = checkNumber('min', options.min ?? 0, -Number.MAX_VALUE, Number.MAX_VALUE);
  const max = checkNumber('max', options.max ?? 100, -Number.MAX_VALUE, Number.MAX_VALUE);
  if (max <= min) throw invalidArgument('max', `number above ${min}, which is min,`, max);
  return new ProgressWidget(label, { min, max, value: checkNumber('value', options.value ?? min, min, max) });
}
