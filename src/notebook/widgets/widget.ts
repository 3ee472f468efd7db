import { type Displayable, escapeHtml, inspectCustom, jupyterDisplay, type MimeBundle } from '../../display/display';
import { PaddleLabError } from '../../errors';
import { name as anyText, type OptionChecks, readOptions } from '../../options';
import { showControlsInLines } from '../../text/controls';
import { type ModelKind, type State, WidgetModel, type WidgetModule } from './model';

export interface WidgetOptions {
  /** What stands beside it; nothing by default. */
  readonly label?: string;
}

/** What a kind of widget is made of. */
export interface WidgetParts {
  /** The front end's name, such as `FloatSlider`; those of its model and view come from it. */
  readonly name: string;
  /** Default `@jupyter-widgets/controls`. */
  readonly module?: WidgetModule;
  /** The front end's name for how it looks, such as `SliderStyle`. */
  readonly style?: string;
  readonly state: State;
  readonly unechoed?: readonly string[];
}

/** The view of a model, among the types of a bundle. */
const VIEW = 'application/vnd.jupyter.widget-view+json';
const VIEW_VERSION = { version_major: 2, version_minor: 0 };
/** For who points at a still and wonders. */
const HINT = 'A still. To move it, run the cell in a JupyterLab that has the package jupyterlab_widgets';

/**
 * Something on the page of a notebook that a person can move, press or fill in. It shows itself as the result of a cell;
 * every place where it is shown is the same one.
 */
export abstract class Widget implements Displayable {
  readonly #model: WidgetModel;
  /** How it looks; in the front end these are models of their own. */
  readonly #parts: readonly WidgetModel[];
  readonly label: string;

  /** @internal */
  constructor(label: string, { name, module = '@jupyter-widgets/controls', style, state, unechoed }: WidgetParts) {
    this.label = label;
    const layout = new WidgetModel({ module: '@jupyter-widgets/base', name: 'Layout' }, {});
    const look = style === undefined ? undefined : styleModel(style);
    this.#parts = look === undefined ? [layout] : [layout, look];
    const kind: ModelKind = { module, name, unechoed };
    const references = { layout: layout.reference, ...(look === undefined ? {} : { style: look.reference }) };
    this.#model = new WidgetModel(
      kind,
      { ...references, ...state },
      {
        accepts: (change) => this.accepts(change),
        changed: (change) => this.changed(change),
        custom: (content) => this.custom(content),
        closed: () => this.#end(),
      },
    );
  }

  /** Whether it is still there; `close` and the front end's menu take it away. */
  get isOpen(): boolean {
    return this.#model.isOpen;
  }

  /** Takes it off every page; what has waited for its changes ends. */
  close(): void {
    this.#model.close();
    this.#end();
  }

  #end(): void {
    for (const part of this.#parts) part.close();
    this.ended();
  }

  [jupyterDisplay](): MimeBundle {
    const still = this.still();
    if (!this.isOpen) return still;
    const html = `<div title="${HINT}">${still['text/html']}</div>`;
    return { [VIEW]: { ...VIEW_VERSION, model_id: this.#model.id }, ...still, 'text/html': html };
  }

  [inspectCustom](): string {
    return showControlsInLines(this.text());
  }

  /** @internal What is shown where there are no widgets. */
  still(): MimeBundle {
    return { 'text/html': this.html(), 'text/plain': this[inspectCustom]() };
  }

  protected abstract text(): string;

  protected html(): string {
    return `<div>${escapeHtml(this.text())}</div>`;
  }

  /** @internal */
  protected state(name: string): unknown {
    return this.#model.get(name);
  }

  /** @internal */
  protected setState(change: State): void {
    if (!this.isOpen) {
      const what = this.label === '' ? 'The widget' : `The widget "${this.label}"`;
      throw new PaddleLabError('DISPOSED', `${what} was closed; run the cell that makes it again`);
    }
    this.#model.set(change);
  }

  /** @internal How other widgets refer to it. */
  get reference(): string {
    return this.#model.reference;
  }

  /** @internal Whether a change that comes from a front end makes sense. */
  protected accepts(_change: State): boolean {
    return true;
  }

  /** @internal A front end has changed it. */
  protected changed(_change: State): void {}

  /** @internal A front end tells of something that is no change of state. */
  protected custom(_content: State): void {}

  /** @internal It is there no longer. */
  protected ended(): void {}
}

/** Labels are shown whole. */
function styleModel(name: string): WidgetModel {
  const view = { _view_module: '@jupyter-widgets/base', _view_name: 'StyleView' };
  return new WidgetModel({ module: '@jupyter-widgets/controls', name }, { ...view, description_width: 'initial' });
}

/** Checks the options of a widget beside its label, which is returned. */
export function checkWidgetOptions<O extends WidgetOptions>(
  name: string,
  options: O,
  checks: OptionChecks<Omit<O, 'label'>>,
): string {
  const all = { label: anyText, ...checks } as unknown as OptionChecks<O>;
  return readOptions(name, options, all).label ?? '';
}
