import { currentDisplay, currentFrontEnd, type LiveOutput } from '../display/live-output';
import { checkOneOf } from '../validate';
import { showAs } from './bundle';

/** An output that can be replaced; made by `display`. */
export interface DisplayHandle {
  /** Shows another value in the same place. */
  update(value: unknown): Promise<void>;
}

/** `display`, and what goes with it. */
export interface DisplayFunction {
  (value: unknown): Promise<DisplayHandle>;
  /** Shows a value in the place of an earlier one. */
  update(handle: DisplayHandle, value: unknown): Promise<void>;
  /** Takes away the output of the cell so far: `now`, or `with-next-output`, which does not flicker. */
  clear(when?: 'now' | 'with-next-output'): void;
}

/**
 * Shows a value in the middle of a cell, as it would show itself as the cell's result; outside of a notebook it is
 * printed. The promise settles with a handle by which another value takes its place.
 *
 * @example
 * const shown = await display('loading …');
 * await shown.update({ done: true });
 */
export const display: DisplayFunction = Object.assign(show, {
  update: (handle: DisplayHandle, value: unknown) => handle.update(value),
  clear(when: 'now' | 'with-next-output' = 'now'): void {
    checkOneOf('when', when, ['now', 'with-next-output']);
    currentFrontEnd()?.clear(when);
  },
});

async function show(value: unknown): Promise<DisplayHandle> {
  const notebook = currentDisplay();
  const bundle = await showAs(value);
  if (notebook === undefined) {
    console.log(bundle['text/plain']);
    return { update: async (next) => console.log((await showAs(next))['text/plain']) };
  }
  const output: LiveOutput = notebook.create(bundle);
  return { update: async (next) => output.update(await showAs(next)) };
}
