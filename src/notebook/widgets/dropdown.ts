import { escapeHtml } from '../../display/display';
import { checkedLater } from '../../options';
import { invalidArgument } from '../../validate';
import { ValueWidget } from './value-widget';
import { checkWidgetOptions, type WidgetOptions } from './widget';

/** `Choices` is an array of strings or numbers, or an object from labels to values of any type. */
export interface DropdownOptions<T, Choices = readonly T[] | Readonly<Record<string, T>>> extends WidgetOptions {
  readonly options: Choices;
  /** The initial choice; the first one by default. */
  readonly value?: T;
}

type Choice<T> = readonly [label: string, value: T];

/** A dropdown list; created by `widgets.dropdown`. */
export class Dropdown<T> extends ValueWidget<T> {
  readonly #choices: readonly Choice<T>[];

  /** @internal */
  constructor(label: string, choices: readonly Choice<T>[], index: number) {
    const state = { description: label, _options_labels: choices.map(([name]) => name), index };
    super(label, { name: 'Dropdown', style: 'DescriptionStyle', state }, 'index');
    this.#choices = choices;
  }

  protected override read(state: unknown): T {
    return (this.#choices[state as number] as Choice<T>)[1];
  }

  protected override write(value: T): number {
    return indexOf(this.#choices, value);
  }

  protected override isValid(state: unknown): boolean {
    return this.#choices[state as number] !== undefined;
  }

  protected override text(): string {
    const names = this.#choices.map(([name]) => (name === this.#chosen ? `[${name}]` : name));
    return `${this.label === '' ? 'dropdown' : this.label}: ${names.join(', ')}`;
  }

  protected override html(): string {
    const names = this.#choices.map(([name]) =>
      name === this.#chosen ? `<b>${escapeHtml(name)}</b>` : escapeHtml(name),
    );
    return `<div>${escapeHtml(this.label)} ${names.join(' · ')}</div>`;
  }

  get #chosen(): string {
    return (this.#choices[this.state('index') as number] as Choice<T>)[0];
  }
}

/**
 * A dropdown list of strings or numbers, or of any values by their labels.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * const style = widgets.dropdown({ label: 'style', options: ['default', 'paddledetection'] });
 * const size = widgets.dropdown({ options: { small: 320, large: 640 }, value: 640 });
 * size.onChange((pixels) => console.log(pixels * 2));
 */
export function dropdown<T extends string | number>(options: DropdownOptions<T, readonly T[]>): Dropdown<T>;
export function dropdown<T>(options: DropdownOptions<T, Readonly<Record<string, T>>>): Dropdown<T>;
export function dropdown<T>(options: DropdownOptions<T>): Dropdown<T> {
  const label = checkWidgetOptions('dropdown', options, { options: checkedLater, value: checkedLater });
  const { options: given } = options;
  const choices = choicesOf(given);
  const index = options.value === undefined ? 0 : indexOf(choices, options.value);
  return new Dropdown(label, choices, index);
}

function choicesOf<T>(given: DropdownOptions<T>['options']): readonly Choice<T>[] {
  const expected = 'array of strings and numbers, or object from labels to values, with one entry at least,';
  if (given === null || typeof given !== 'object') throw invalidArgument('options', expected, given);
  const choices: readonly Choice<T>[] = Array.isArray(given)
    ? given.map((value) => [String(value), value])
    : Object.entries(given as Readonly<Record<string, T>>);
  const names = new Set(choices.map(([name]) => name));
  if (choices.length === 0) throw invalidArgument('options', expected, given);
  if (names.size < choices.length) throw invalidArgument('options', 'unique labels', given);
  return choices;
}

function indexOf<T>(choices: readonly Choice<T>[], value: T): number {
  const index = choices.findIndex((choice) => Object.is(choice[1], value));
  if (index >= 0) return index;
  throw invalidArgument('value', `one of ${choices.map(([name]) => JSON.stringify(name)).join(', ')}`, value);
}
