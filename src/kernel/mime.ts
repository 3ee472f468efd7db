import { showAs } from '../notebook/bundle';
import type { MimeBundle } from '../notebook/display';
import type { JsonObject } from './protocol';

/** The MIME bundle of a value as it goes over the wire; never without text. */
export async function bundleOf(value: unknown): Promise<JsonObject> {
  return encodeBundle(await showAs(value));
}

/** Bytes become base64; text and JSON data stay what they are. */
export function encodeBundle(bundle: MimeBundle): JsonObject {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, data]) => [type, data instanceof Uint8Array ? toBase64(data) : data]),
  );
}

function toBase64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}
