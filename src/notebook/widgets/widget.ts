import { type Displayable, escapeHtml, inspectCustom, jupyterDisplay, type MimeBundle } from '../../display/display';
import { PaddleLabError } from '../../errors';
import { anyText, type OptionChecks, readOptions } from '../../options';
import { showControlsInLines } from '../../text/controls';
import { type ModelKind, type State, WidgetModel, type WidgetModule } from './model';

export interface WidgetOptions {
  /** Label beside the widget; none by default. */
  readonly label?: string;
}

/** The definition of a kind of widget. */
export interface WidgetParts {
  /** The front end's name, such as `FloatSlider`; its model and view are named after it. */
  readonly name: string;
  /** Default `@jupyter-widgets/controls`. */
  readonly module?: WidgetModule;
  /** The front end's name for its style, such as `SliderStyle`. */
  readonly style?: string;
  readonly state: State;
  /** CSS of its place on the page, such as `{ align_self: 'flex-start' }`; none by default. */
  readonly layout?: State;
  readonly unechoed?: readonly string[];
}

/** The view of a model, among the types of a bundle. */
const VIEW = 'application/vnd.jupyter.widget-view+json';
const VIEW_VERSION = { version_major: 2, version_minor: 0 };
/** Tooltip of the static version. */
const HINT = 'Static view. For a live widget, run the cell in a JupyterLab that has the package jupyterlab_widgets';

/**
 * An interactive control in a notebook. It is shown as the result of a cell; all places that show it are views of the
 * same widget.
 */
export abstract class Widget implements Displayable {
  readonly #model: WidgetModel;
  /** Its layout and style; in the front end these are separate models. */
  readonly #parts: readonly WidgetModel[];
  readonly label: string;

  /** @internal */
  constructor(
    label: string,
    { name, module = '@jupyter-widgets/controls', style, state, layout = {}, unechoed }: WidgetParts,
  ) {
    this.label = label;
    const place = new WidgetModel({ module: '@jupyter-widgets/base', name: 'Layout' }, layout);
    const look = style === undefined ? undefined : styleModel(style);
    this.#parts = look === undefined ? [place] : [place, look];
    const kind: ModelKind = { module, name, unechoed };
    const references = { layout: place.reference, ...(look === undefined ? {} : { style: look.reference }) };
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

  /** Whether it is still open; `close` and the front end's menu close it. */
  get isOpen(): boolean {
    return this.#model.isOpen;
  }

  /** Removes it from every page; loops over its changes end. */
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

  /** @internal The static version for pages without widget support. */
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

  /** @internal How other widgets refer to this one. */
  get reference(): string {
    return this.#model.reference;
  }

  /** @internal Whether a change from a front end is valid. */
  protected accepts(_change: State): boolean {
    return true;
  }

  /** @internal Called when a front end has changed it. */
  protected changed(_change: State): void {}

  /** @internal Called when a front end sends a message that does not change the state. */
  protected custom(_content: State): void {}

  /** @internal Called after it was closed. */
  protected ended(): void {}
}

/** Shows labels without truncation. */
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
