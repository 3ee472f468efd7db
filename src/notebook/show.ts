import { currentDisplay, currentFrontEnd, type LiveOutput } from '../display/live-output';
import { checkOneOf } from '../validate';
import { showAs } from './bundle';

/** A handle for a replaceable output; returned by `display`. */
export interface DisplayHandle {
  /** Replaces the output by another value. */
  update(value: unknown): Promise<void>;
}

/** `display` and its methods. */
export interface DisplayFunction {
  (value: unknown): Promise<DisplayHandle>;
  /** Replaces an earlier output by a value. */
  update(handle: DisplayHandle, value: unknown): Promise<void>;
  /** Clears the output of the cell so far: `now`, or `with-next-output`, which does not flicker. */
  clear(when?: 'now' | 'with-next-output'): void;
}

/**
 * Shows a value before the cell has ended, in the same way as the cell's result; outside of a notebook it is printed.
 * The promise settles with a handle for replacing the value.
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
