import { inspect } from 'node:util';
import { jupyterDisplay, type MimeBundle } from '../notebook/display';
import type { JsonObject } from './protocol';

/** How a value without a display of its own is printed. */
export function inspectText(value: unknown): string {
  return inspect(value, { depth: 4, breakLength: 100, maxStringLength: 10_000 });
}

/** The MIME bundle of a value as it goes over the wire; never without text. */
export async function bundleOf(value: unknown): Promise<JsonObject> {
  const display = displayMethod(value);
  if (display === undefined) return { 'text/plain': inspectText(value) };
  const bundle = await display();
  if (bundle === null || typeof bundle !== 'object') return { 'text/plain': inspectText(value) };
  return { 'text/plain': inspectText(value), ...encodeBundle(bundle) };
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

function displayMethod(value: unknown): (() => MimeBundle | Promise<MimeBundle>) | undefined {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined;
  const method = (value as Record<symbol, unknown>)[jupyterDisplay];
  return typeof method === 'function' ? () => method.call(value) : undefined;
}
