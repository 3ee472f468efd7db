/** The part of WebAssembly that is used; the published types would add the browser's types to every build. */
interface WebAssemblyApi {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): readonly { readonly module: string; readonly name: string }[];
  };
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, WasmFunction>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** A function that WebAssembly calls. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function without a result is one too
export type WasmFunction = (...values: number[]) => number | void;

export const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

/** The types of numbers that WebAssembly passes. */
export type NumberType = 'i32' | 'f32';

const codes: Readonly<Record<NumberType, number>> = { i32: 0x7f, f32: 0x7d };

/**
 * A JavaScript function as one of WebAssembly, for tables of functions, which hold no others: a module that exports what it imports.
 * The function returns nothing.
 */
export function callbackForWasm(parameters: readonly NumberType[], call: WasmFunction): unknown {
  const type = [0x60, parameters.length, ...parameters.map((name) => codes[name]), 0];
  const bytes = [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, ...type]),
    // The function `f` of the module `m`, of the type 0.
    ...section(2, [1, 1, 0x6d, 1, 0x66, 0, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
  ];
  const module = new WebAssembly.Module(Uint8Array.from(bytes));
  return new WebAssembly.Instance(module, { m: { f: call } }).exports.f;
}

function section(id: number, content: readonly number[]): number[] {
  return [id, content.length, ...content];
}
