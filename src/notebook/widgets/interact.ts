import { invalidArgument } from '../../validate';
import { display } from '../show';
import { vbox } from './box';
import { Changes } from './changes';
import { output } from './output';
import { checkHandler, ValueWidget } from './value-widget';
import type { Widget } from './widget';

/** Controls by name. */
export type Controls = Readonly<Record<string, Widget & { readonly value: unknown }>>;

/** The values of controls by name. */
export type ControlValues<C extends Controls> = { readonly [K in keyof C]: C[K]['value'] };

/**
 * Shows controls and, below them, the result of a function of their values; the function runs at once, and again
 * whenever a control changes. It may be `async`; while it runs, only the newest values are queued. Its result is shown
 * like the result of a cell. It stops when the controls are closed.
 *
 * @throws PaddleLabError INVALID_ARGUMENT; NOTEBOOK_NEEDED outside of a notebook; what the function throws the first time
 *
 * @example
 * await widgets.interact(
 *   { threshold: widgets.slider({ label: 'threshold', value: 0.5 }), legend: widgets.checkbox({ label: 'legend' }) },
 *   ({ threshold, legend }) => visualize('shapes.png', result, { threshold, legend }),
 * );
 */
export async function interact<C extends Controls>(
  controls: C,
  show: (values: ControlValues<C>) => unknown,
): Promise<void> {
  const named = checkControls(controls);
  checkHandler(show);
  const values = (): ControlValues<C> => {
    return Object.fromEntries(named.map(([name, { value }]) => [name, value])) as ControlValues<C>;
  };
  const view = output();
  await view.show(await show(values()));
  await display(vbox([...named.map(([, control]) => control), view]));
  const changes = new Changes<undefined>('newest');
  changes.handle(async () => view.show(await show(values())));
  for (const [, control] of named) control.listen(() => changes.emit(undefined));
}

function checkControls(controls: Controls): readonly [string, ValueWidget<unknown>][] {
  const expected = 'object from names to widgets with a value';
  if (controls === null || typeof controls !== 'object') throw invalidArgument('controls', expected, controls);
  const named = Object.entries(controls as Readonly<Record<string, unknown>>);
  if (named.length === 0) throw invalidArgument('controls', expected, controls);
  return named.map(([name, control]) => {
    if (!(control instanceof ValueWidget)) throw invalidArgument(`controls.${name}`, 'widget with a value', control);
    return [name, control];
  });
}
