import { escapeHtml } from '../../display/display';
import { checkedLater } from '../../options';
import { checkRange, type Range, RangeWidget } from './range-widget';
import { checkWidgetOptions, type WidgetOptions } from './widget';

export interface ProgressWidgetOptions extends WidgetOptions {
  /** The value at the start; default 0. */
  readonly min?: number;
  /** The value at the end; default 100. */
  readonly max?: number;
  /** Default `min`. */
  readonly value?: number;
}

/** A progress bar controlled by its `value`; created by `widgets.progress`. */
export class ProgressWidget extends RangeWidget {
  /** @internal */
  constructor(label: string, range: Range) {
    const state = { description: label, ...range };
    super(label, range, { name: 'FloatProgress', style: 'ProgressStyle', state });
  }

  protected override text(): string {
    return `${this.label === '' ? 'progress' : this.label}: ${this.value} of ${this.max}`;
  }

  protected override html(): string {
    return `<div>${escapeHtml(this.label)} ${this.bar} ${this.value} of ${this.max}</div>`;
  }
}

/**
 * A progress bar among other widgets. For loops, use `progress`, which needs no widgets.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * const done = widgets.progress({ label: 'images', max: 3 });
 * await display(done);
 * for (let i = 0; i < 3; i++) done.value += 1;
 */
export function progress(options: ProgressWidgetOptions = {}): ProgressWidget {
  const label = checkWidgetOptions('progress', options, { min: checkedLater, max: checkedLater, value: checkedLater });
  return new ProgressWidget(label, checkRange(options, 100));
}
