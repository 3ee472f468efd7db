import { escapeHtml, type MimeBundle } from '../../display/display';
import { encodeBundle, showAs } from '../bundle';
import { Widget } from './widget';

/** An output area among widgets; created by `widgets.output`. */
export class Output extends Widget {
  #shown: Readonly<Record<string, unknown>> = { 'text/plain': '' };

  /** @internal */
  constructor() {
    super('', { name: 'Output', module: '@jupyter-widgets/output', state: { msg_id: '', outputs: [] } });
  }

  /** Shows a value like a cell's result; it replaces the previous one. */
  async show(value: unknown): Promise<void> {
    const data = encodeBundle(await showAs(value));
    this.setState({ outputs: [{ output_type: 'display_data', data, metadata: {} }] });
    this.#shown = data;
  }

  /** Clears the area. */
  clear(): void {
    this.setState({ outputs: [] });
    this.#shown = { 'text/plain': '' };
  }

  protected override text(): string {
    return String(this.#shown['text/plain']);
  }

  protected override html(): string {
    const { 'text/html': html, 'image/png': png } = this.#shown;
    if (typeof html === 'string') return html;
    if (typeof png === 'string') return `<img alt="${escapeHtml(this.text())}" src="data:image/png;base64,${png}"/>`;
    return `<pre style="overflow-x:auto">${escapeHtml(this.text())}</pre>`;
  }

  /** @internal */
  override still(): MimeBundle {
    const png = this.#shown['image/png'];
    return { ...super.still(), ...(typeof png === 'string' ? { 'image/png': png } : {}) };
  }
}

/**
 * An output area among widgets, whose value can be replaced. Unlike the output of `display`, it still updates after a
 * page reload.
 *
 * @throws PaddleLabError NOTEBOOK_NEEDED outside of a notebook; DISPOSED when something is shown after `close`
 *
 * @example
 * const view = widgets.output();
 * const threshold = widgets.slider({ label: 'threshold', value: 0.5 });
 * threshold.onChange(async (t) => view.show(await visualize('shapes.png', result, { threshold: t })));
 * await view.show(picture);
 * widgets.vbox([threshold, view])
 */
export function output(): Output {
  return new Output();
}
