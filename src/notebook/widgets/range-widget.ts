import { checkNumber, invalidArgument } from '../../validate';
import { ValueWidget } from './value-widget';
import type { WidgetParts } from './widget';

/** The bounds of a range, and a number within. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly value: number;
}

/** A widget with a number between two bounds. */
export abstract class RangeWidget extends ValueWidget<number> {
  protected min: number;
  protected max: number;

  /** @internal */
  constructor(label: string, { min, max }: Range, parts: WidgetParts) {
    super(label, parts);
    this.min = min;
    this.max = max;
  }

  protected override read(state: unknown): number {
    return state as number;
  }

  protected override write(value: number): number {
    return checkNumber('value', value, this.min, this.max);
  }

  protected override isValid(state: unknown): boolean {
    return typeof state === 'number' && state >= this.min && state <= this.max;
  }

  /** Its static version. */
  protected get bar(): string {
    return `<progress max="${this.max - this.min}" value="${this.value - this.min}"></progress>`;
  }
}

/** Checks a range; by default `min` is 0 and the value is `min`. */
export function checkRange(options: Partial<Range>, defaultMax: number): Range {
  const min = checkNumber('min', options.min ?? 0, -Number.MAX_VALUE, Number.MAX_VALUE);
  const max = checkNumber('max', options.max ?? defaultMax, -Number.MAX_VALUE, Number.MAX_VALUE);
  if (max <= min) throw invalidArgument('max', `number above ${min}, which is min,`, max);
  return { min, max, value: checkNumber('value', options.value ?? min, min, max) };
}
