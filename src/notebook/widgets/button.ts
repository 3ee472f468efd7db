import { text } from '../../options';
import { Changes } from './changes';
import type { State } from './model';
import { checkHandler } from './value-widget';
import { checkWidgetOptions, Widget, type WidgetOptions } from './widget';

export interface ButtonOptions extends WidgetOptions {
  /** A name of Font Awesome's, such as `play`; none by default. */
  readonly icon?: string;
}

/** Something to press; made by `widgets.button`. */
export class Button extends Widget implements AsyncIterable<number> {
  readonly #clicks = new Changes<number>('each');
  #count = 0;

  /** @internal */
  constructor(label: string, icon: string) {
    super(label, { name: 'Button', style: 'ButtonStyle', state: { description: label, icon } });
  }

  /**
   * Calls a handler with each press and its number, from 1. While an `async` one is at work, presses wait. What it prints
   * and shows goes to the cell that has called `onClick`, an error too; if that cell runs again, its new handler takes
   * the place of the old one.
   */
  onClick(handler: (count: number) => unknown): this {
    this.#clicks.handle(checkHandler(handler));
    return this;
  }

  /** The numbers of presses as they come, for `for await`. Ends when it is closed. */
  [Symbol.asyncIterator](): AsyncIterator<number> {
    return this.#clicks.iterate();
  }

  /** Presses it, as the person at the page does. */
  click(): void {
    this.#count += 1;
    this.#clicks.emit(this.#count);
  }

  protected override text(): string {
    return `[ ${this.label} ]`;
  }

  /** @internal */
  protected override custom(content: State): void {
    if (content.event === 'click') this.click();
  }

  /** @internal */
  protected override ended(): void {
    this.#clicks.end();
  }
}

/**
 * A button on the page of the notebook.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * const again = widgets.button({ label: 'Predict again', icon: 'play' });
 * again.onClick(async () => display(await predict(model, 'shapes.png')));
 */
export function button(options: ButtonOptions = {}): Button {
  const label = checkWidgetOptions('button', options, { icon: text });
  return new Button(label, options.icon ?? '');
}
