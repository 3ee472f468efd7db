import { encodeBundle, showAs } from '../notebook/bundle';
import type { JsonObject } from './jupyter-protocol';

/** The MIME bundle of a value as it goes over the wire; never without text. */
export async function bundleOf(value: unknown): Promise<JsonObject> {
  return encodeBundle(await showAs(value));
}
