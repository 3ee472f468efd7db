import { boolean } from '../../options';
import { checkBoolean } from '../../validate';
import { ValueWidget } from './value-widget';
import { checkWidgetOptions, type WidgetOptions } from './widget';

export interface CheckboxOptions extends WidgetOptions {
  /** Default `false`. */
  readonly value?: boolean;
}

/** A checkbox; created by `widgets.checkbox`. */
export class Checkbox extends ValueWidget<boolean> {
  /** @internal */
  constructor(label: string, value: boolean) {
    super(label, { name: 'Checkbox', style: 'CheckboxStyle', state: { description: label, value, indent: false } });
  }

  protected override read(state: unknown): boolean {
    return state as boolean;
  }

  protected override write(value: boolean): boolean {
    return checkBoolean('value', value);
  }

  protected override isValid(state: unknown): boolean {
    return typeof state === 'boolean';
  }

  protected override text(): string {
    return `${this.value ? '☑' : '☐'} ${this.label}`.trimEnd();
  }
}

/**
 * A checkbox.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * const labels = widgets.checkbox({ label: 'labels', value: true });
 * labels.onChange((shown) => console.log(shown ? 'with labels' : 'without'));
 */
export function checkbox(options: CheckboxOptions = {}): Checkbox {
  const label = checkWidgetOptions('checkbox', options, { value: boolean });
  return new Checkbox(label, options.value ?? false);
}
