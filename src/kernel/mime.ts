import { encodeBundle, showAs } from '../notebook/bundle';
import type { JsonObject } from './jupyter-protocol';

/** The MIME bundle of a value as sent to clients; always includes `text/plain`. */
export async function bundleOf(value: unknown): Promise<JsonObject> {
  return encodeBundle(await showAs(value));
}
