import type { MimeBundle } from '../../display/display';
import { invalidArgument } from '../../validate';
import { Widget } from './widget';

/** A row or column of widgets; created by `widgets.hbox` and `widgets.vbox`. */
export class Box extends Widget {
  readonly children: readonly Widget[];

  /** @internal */
  constructor(name: 'HBox' | 'VBox', children: readonly Widget[]) {
    super('', { name, state: { children: children.map(({ reference }) => reference) } });
    this.children = children;
  }

  /** @internal Includes the children's pictures. */
  override still(): MimeBundle {
    const pictures = this.children.map((child) => child.still()['image/png']).filter((png) => png !== undefined);
    return { ...super.still(), ...(pictures.length === 1 ? { 'image/png': pictures[0] as string } : {}) };
  }

  protected override text(): string {
    return this.children.map((child) => child.still()['text/plain']).join('\n');
  }

  protected override html(): string {
    return `<div>${this.children.map((child) => child.still()['text/html']).join('\n')}</div>`;
  }
}

/**
 * Widgets side by side. Closing the box does not close them.
 *
 * @throws PaddleLabError INVALID_ARGUMENT; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * widgets.hbox([widgets.slider({ label: 'threshold' }), widgets.checkbox({ label: 'labels' })])
 */
export function hbox(children: readonly Widget[]): Box {
  return new Box('HBox', checkChildren(children));
}

/**
 * Widgets below each other. Closing the box does not close them.
 *
 * @throws PaddleLabError INVALID_ARGUMENT; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * widgets.vbox([widgets.slider({ label: 'threshold' }), widgets.button({ label: 'Save' })])
 */
export function vbox(children: readonly Widget[]): Box {
  return new Box('VBox', checkChildren(children));
}

function checkChildren(children: readonly Widget[]): readonly Widget[] {
  if (!Array.isArray(children)) throw invalidArgument('children', 'array of widgets', children);
  children.forEach((child: unknown, i) => {
    if (!(child instanceof Widget)) throw invalidArgument(`children[${i}]`, 'widget', child);
  });
  return children;
}
