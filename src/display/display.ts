import { showControlsInLines } from '../text/controls';

/** MIME type → text, JSON data, or bytes (which the kernel sends as base64). */
export type MimeBundle = Record<string, string | Uint8Array | object>;

/**
 * The method by which a value shows itself as a cell's result: `value[Symbol.for('Jupyter.display')]()` returns a
 * MIME bundle (Deno's convention). Every bundle holds `text/plain`.
 */
export const jupyterDisplay: unique symbol = Symbol.for('Jupyter.display') as never;

/** A value that shows itself in a notebook. */
export interface Displayable {
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
}

/** `util.inspect`'s hook, for the one-line form at a prompt and in `text/plain`. */
export const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** Text made safe inside HTML content and attributes; what would turn its direction is shown escaped. */
export function escapeHtml(text: string): string {
  return showControlsInLines(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
