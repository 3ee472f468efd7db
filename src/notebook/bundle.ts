import { jupyterDisplay, type MimeBundle } from '../display/display';
import { displayOf } from './displays/value-displays';
import { inspectText } from './inspect-text';

/** The MIME bundle of a value; always includes text. */
export async function showAs(value: unknown): Promise<MimeBundle> {
  const own = displayMethod(value);
  const bundle = await (own === undefined ? displayOf(value) : own());
  if (bundle === undefined || bundle === null || typeof bundle !== 'object')
    return { 'text/plain': inspectText(value) };
  return 'text/plain' in bundle ? bundle : { 'text/plain': inspectText(value), ...bundle };
}

function displayMethod(value: unknown): (() => MimeBundle | Promise<MimeBundle>) | undefined {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined;
  const method = (value as Record<symbol, unknown>)[jupyterDisplay];
  return typeof method === 'function' ? () => method.call(value) : undefined;
}

/**
 * The form sent to clients: bytes become base64. Data that JSON can't represent is refused here, in the cell that shows
 * it.
 */
export function encodeBundle(bundle: MimeBundle): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bundle).map(([type, data]) => [type, encode(data)]));
}

function encode(data: MimeBundle[string]): unknown {
  if (data instanceof Uint8Array) return toBase64(data);
  return data !== null && typeof data === 'object' ? JSON.parse(JSON.stringify(data)) : data;
}

function toBase64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}
