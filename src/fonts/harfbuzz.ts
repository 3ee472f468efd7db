import { createRequire } from 'node:module';
import { readFileSync } from '../files/fs';
import type { PathCommand } from './outline';
import { NoFontError } from './sfnt';
import { callbackForWasm, type NumberType, type WasmFunction, WebAssembly } from './web-assembly';

/**
 * The functions of HarfBuzz's C interface that are used; all numbers, and objects as addresses in `memory`. The module is loaded
 * directly, because harfbuzzjs loads it with a top-level `await`, and text is measured by synchronous functions.
 */
export interface HarfBuzz {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  malloc(bytes: number): number;
  free(address: number): void;
  hb_blob_create(data: number, length: number, mode: number, userData: number, destroy: number): number;
  hb_blob_destroy(blob: number): void;
  hb_face_create(blob: number, index: number): number;
  hb_face_destroy(face: number): void;
  hb_face_get_upem(face: number): number;
  hb_face_collect_unicodes(face: number, set: number): void;
  hb_set_create(): number;
  hb_set_destroy(set: number): void;
  hb_set_next_many(set: number, after: number, out: number, count: number): number;
  hb_font_create(face: number): number;
  hb_font_destroy(font: number): void;
  hb_font_get_glyph_h_advance(font: number, glyph: number): number;
  hb_font_draw_glyph(font: number, glyph: number, functions: number, data: number): void;
  hb_buffer_create(): number;
  hb_buffer_clear_contents(buffer: number): void;
  hb_buffer_add_utf16(buffer: number, text: number, length: number, start: number, count: number): void;
  hb_buffer_set_direction(buffer: number, direction: number): void;
  hb_buffer_guess_segment_properties(buffer: number): void;
  hb_buffer_get_length(buffer: number): number;
  hb_buffer_get_glyph_infos(buffer: number, length: number): number;
  hb_buffer_get_glyph_positions(buffer: number, length: number): number;
  hb_shape(font: number, buffer: number, features: number, count: number): void;
  hb_draw_funcs_create(): number;
  hb_draw_funcs_set_move_to_func(functions: number, call: number, data: number, destroy: number): void;
  hb_draw_funcs_set_line_to_func(functions: number, call: number, data: number, destroy: number): void;
  hb_draw_funcs_set_quadratic_to_func(functions: number, call: number, data: number, destroy: number): void;
  hb_draw_funcs_set_cubic_to_func(functions: number, call: number, data: number, destroy: number): void;
  hb_draw_funcs_set_close_path_func(functions: number, call: number, data: number, destroy: number): void;
  readonly __indirect_function_table: { grow(count: number): number; set(index: number, value: unknown): void };
}

const pageBytes = 65_536;
let loaded: HarfBuzz | undefined;
let drawing: number | undefined;
/** Where the glyph that is being drawn is written to. */
let path: PathCommand[] = [];

/** HarfBuzz; loaded when the first text needs it. */
export function harfBuzz(): HarfBuzz {
  loaded ??= load();
  return loaded;
}

function load(): HarfBuzz {
  const file = createRequire(__filename).resolve('harfbuzzjs/dist/harfbuzz.wasm');
  const module = new WebAssembly.Module(readFileSync(file));
  const imports: Record<string, Record<string, WasmFunction>> = { env: {} };
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => 0;
  }
  Object.assign(imports.env as object, {
    emscripten_resize_heap: (bytes: number) => growTo(bytes >>> 0),
    _abort_js: () => {
      throw new NoFontError('HarfBuzz could not go on with it');
    },
  });
  const instance = new WebAssembly.Instance(module, imports);
  const exported = instance.exports as unknown as HarfBuzz & { __wasm_call_ctors(): void };
  loaded = exported;
  exported.__wasm_call_ctors();
  return exported;
}

function growTo(bytes: number): number {
  const memory = loaded?.memory;
  if (memory === undefined) return 0;
  try {
    memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / pageBytes));
    return 1;
  } catch {
    // HarfBuzz handles a lack of memory itself.
    return 0;
  }
}

/** Copies bytes into HarfBuzz's memory; the caller frees them. */
export function copyIn(bytes: Uint8Array): number {
  const { malloc } = harfBuzz();
  const address = malloc(Math.max(1, bytes.length));
  if (address === 0) throw new NoFontError('it does not fit into the memory');
  new Uint8Array(harfBuzz().memory.buffer).set(bytes, address);
  return address;
}

/** The outline of a glyph in units of the font; y grows upwards. */
export function drawGlyph(font: number, glyph: number): PathCommand[] {
  drawing ??= makeDrawing(harfBuzz());
  path = [];
  harfBuzz().hb_font_draw_glyph(font, glyph, drawing, 0);
  return path;
}

function makeDrawing(library: HarfBuzz): number {
  const functions = library.hb_draw_funcs_create();
  // Each gets the functions, the data of the call, the state, coordinates, and the data of the function.
  const add = (coordinates: number, call: (...at: number[]) => void): number => {
    const types: NumberType[] = ['i32', 'i32', 'i32', ...Array<NumberType>(coordinates).fill('f32'), 'i32'];
    const wrapped = callbackForWasm(types, (...values) => call(...values.slice(3, 3 + coordinates)));
    const index = library.__indirect_function_table.grow(1);
    library.__indirect_function_table.set(index, wrapped);
    return index;
  };
  const set = [
    ['move_to', add(2, (x = 0, y = 0) => path.push({ type: 'M', x, y }))],
    ['line_to', add(2, (x = 0, y = 0) => path.push({ type: 'L', x, y }))],
    ['quadratic_to', add(4, (x1 = 0, y1 = 0, x = 0, y = 0) => path.push({ type: 'Q', x1, y1, x, y }))],
    [
      'cubic_to',
      add(6, (x1 = 0, y1 = 0, x2 = 0, y2 = 0, x = 0, y = 0) => path.push({ type: 'C', x1, y1, x2, y2, x, y })),
    ],
    ['close_path', add(0, () => path.push({ type: 'Z' }))],
  ] as const;
  for (const [name, index] of set) library[`hb_draw_funcs_set_${name}_func`](functions, index, 0, 0);
  return functions;
}
