import { showControlsInLines } from '../text/controls';

/** MIME type → text, JSON data, or bytes (sent by the kernel as base64). */
export type MimeBundle = Record<string, string | Uint8Array | object>;

/**
 * The method that displays a value as a cell's result: `value[Symbol.for('Jupyter.display')]()` returns a MIME bundle
 * (Deno's convention). Every bundle has `text/plain`.
 */
export const jupyterDisplay: unique symbol = Symbol.for('Jupyter.display') as never;

/** A value with its own notebook display. */
export interface Displayable {
  /** What a notebook shows for the value: one form for each MIME type. */
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
}

/** `util.inspect`'s hook, for the one-line form at a prompt and in `text/plain`. */
export const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** Escapes text for HTML content and attributes; characters that change the text direction are shown escaped. */
export function escapeHtml(text: string): string {
  return showControlsInLines(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
