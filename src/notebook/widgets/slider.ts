import { escapeHtml } from '../../display/display';
import { checkedLater } from '../../options';
import { checkNumber } from '../../validate';
import { checkRange, type Range, RangeWidget } from './range-widget';
import { checkWidgetOptions, type WidgetOptions } from './widget';

export interface SliderOptions extends WidgetOptions {
  /** The left end; default 0. */
  readonly min?: number;
  /** The right end; default 1. */
  readonly max?: number;
  /** Step size. Default: 1 if the ends are integers more than 1 apart, else a hundredth of the range. */
  readonly step?: number;
  /** The initial value; default `min`. */
  readonly value?: number;
}

/** Maximum number of decimals in the label. */
const MOST_DECIMALS = 6;

/** A slider; created by `widgets.slider`. */
export class Slider extends RangeWidget {
  /** @internal */
  constructor(label: string, range: Range, step: number) {
    const { min, max, value } = range;
    const isInteger = [min, max, step].every(Number.isInteger);
    const format = isInteger ? 'd' : `.${Math.max(decimalsOf(min), decimalsOf(step))}f`;
    const looks = { readout: true, readout_format: format, continuous_update: true };
    super(label, range, {
      name: isInteger ? 'IntSlider' : 'FloatSlider',
      style: 'SliderStyle',
      state: { description: label, min, max, step, value, ...looks },
    });
  }

  protected override text(): string {
    return `${this.label === '' ? 'slider' : this.label}: ${this.value} (${this.min} to ${this.max})`;
  }

  protected override html(): string {
    return `<div>${escapeHtml(this.label)} ${this.bar} ${this.value} (${this.min} to ${this.max})</div>`;
  }
}

/**
 * A slider. `value` is its position; `onChange` and `for await` report changes.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; NOTEBOOK_NEEDED outside of a notebook; DISPOSED when its value
 *   is set after `close`
 *
 * @example
 * const threshold = widgets.slider({ label: 'threshold', min: 0, max: 1, step: 0.05, value: 0.5 });
 * await display(threshold);
 * const view = await display(await visualize('shapes.png', result));
 * threshold.onChange(async (t) => view.update(await visualize('shapes.png', result, { threshold: t })));
 */
export function slider(options: SliderOptions = {}): Slider {
  const label = checkWidgetOptions('slider', options, {
    min: checkedLater,
    max: checkedLater,
    step: checkedLater,
    value: checkedLater,
  });
  const range = checkRange(options, 1);
  const { min, max } = range;
  const isWhole = Number.isInteger(min) && Number.isInteger(max) && max - min > 1;
  const step = checkNumber('step', options.step ?? (isWhole ? 1 : (max - min) / 100), Number.MIN_VALUE, max - min);
  return new Slider(label, range, step);
}

/** Number of decimals needed to write a number. */
function decimalsOf(value: number): number {
  const isEnough = (decimals: number): boolean => Math.abs(Number(value.toFixed(decimals)) - value) < 1e-9;
  for (let decimals = 0; decimals < MOST_DECIMALS; decimals += 1) if (isEnough(decimals)) return decimals;
  return MOST_DECIMALS;
}
