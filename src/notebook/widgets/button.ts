import { text } from '../../options';
import { Changes } from './changes';
import type { State } from './model';
import { checkHandler } from './value-widget';
import { checkWidgetOptions, Widget, type WidgetOptions } from './widget';

export interface ButtonOptions extends WidgetOptions {
  /** A Font Awesome icon name, such as `play`; none by default. */
  readonly icon?: string;
}

/** A button; created by `widgets.button`. */
export class Button extends Widget implements AsyncIterable<number> {
  readonly #clicks = new Changes<number>('each');
  #count = 0;

  /** @internal */
  constructor(label: string, icon: string) {
    super(label, { name: 'Button', style: 'ButtonStyle', state: { description: label, icon } });
  }

  /**
   * Calls a handler on each press, with the number of the press, from 1. While an `async` handler runs, further presses
   * are queued. Its output and errors go to the cell that called `onClick`; if that cell runs again, the new handler
   * replaces the old one.
   */
  onClick(handler: (count: number) => unknown): this {
    this.#clicks.handle(checkHandler(handler));
    return this;
  }

  /** @internal Receives presses synchronously; must not run code of a cell. */
  listen(hear: () => void): void {
    this.#clicks.listen(hear);
  }

  /** The numbers of the presses as they happen, for `for await`. Ends when the button is closed. */
  [Symbol.asyncIterator](): AsyncIterator<number> {
    return this.#clicks.iterate();
  }

  /** Presses the button, as the user does on the page. */
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
