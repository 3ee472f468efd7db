import path from 'node:path';
import { PaddleLabError } from '../errors';
import { closeSync, openSync, readFileSync, readSync } from '../files/fs';
import { shownPath } from '../files/shown-path';
import { type CodePoints, includes, toRanges } from './code-points';
import { copyIn, drawGlyph, harfBuzz } from './harfbuzz';
import { flatten, type Glyph, type PathCommand } from './outline';
import { type FontTables, fontsOf, makeSfnt, NoFontError, type ReadBytes } from './sfnt';

/** A glyph of shaped text; lengths in ems, y grows downwards. */
export interface ShapedGlyph {
  readonly glyph: Glyph;
  /** Its number in the font. */
  readonly id: number;
  /** From the glyph's own position to that of the next one. */
  readonly advance: number;
  /** Where it is drawn, from its position. */
  readonly dx: number;
  readonly dy: number;
  /** Index in the text of the first UTF-16 unit that it stands for. */
  readonly cluster: number;
  /** Whether the font has no glyph for it. */
  readonly missing: boolean;
}

/** Values of HarfBuzz's `hb_direction_t`. */
const [leftToRight, rightToLeft] = [4, 5];
/** HarfBuzz's glyph infos and positions have five numbers each. */
const numbersPerGlyph = 5;
const readOnlyMemory = 1;

let shapingBuffer: number | undefined;

/** A font outside the package; its file is read when needed. */
export class Font {
  #font: { readonly address: number; readonly unitsPerEm: number } | undefined;
  readonly #glyphs = new Map<number, Glyph>();

  /**
   * @param index of the font in the file
   * @param covers the letters that it has
   */
  constructor(
    readonly file: string,
    private readonly index: number,
    readonly covers: CodePoints,
  ) {}

  has(codePoint: number): boolean {
    return includes(this.covers, codePoint);
  }

  /**
   * The glyphs of a part of a text, from left to right; letters of one script and direction.
   *
   * @param text the whole text, because the letters beside the part have an influence on its forms
   * @throws PaddleLabError FONT_UNREADABLE
   */
  shape(text: string, start: number, end: number, isRightToLeft: boolean): ShapedGlyph[] {
    return readFont(this.file, () => this.#shape(text, start, end, isRightToLeft));
  }

  #shape(text: string, start: number, end: number, isRightToLeft: boolean): ShapedGlyph[] {
    const { address, unitsPerEm } = this.#open();
    const library = harfBuzz();
    const units = copyIn(Buffer.from(text, 'utf16le'));
    shapingBuffer ??= library.hb_buffer_create();
    const buffer = shapingBuffer;
    library.hb_buffer_clear_contents(buffer);
    library.hb_buffer_add_utf16(buffer, units, text.length, start, end - start);
    library.hb_buffer_set_direction(buffer, isRightToLeft ? rightToLeft : leftToRight);
    library.hb_buffer_guess_segment_properties(buffer);
    library.hb_shape(address, buffer, 0, 0);
    library.free(units);
    const count = library.hb_buffer_get_length(buffer);
    const size = count * numbersPerGlyph;
    const { hb_buffer_get_glyph_infos: infosOf, hb_buffer_get_glyph_positions: positionsOf } = library;
    const infos = new Uint32Array(library.memory.buffer, infosOf(buffer, 0), size).slice();
    const positions = new Int32Array(library.memory.buffer, positionsOf(buffer, 0), size).slice();
    return Array.from({ length: count }, (_, i): ShapedGlyph => {
      const at = i * numbersPerGlyph;
      const id = infos[at] as number;
      const [advance, , dx, dy] = positions.subarray(at, at + 4) as unknown as [number, number, number, number];
      return {
        glyph: this.#glyph(id, advance),
        id,
        advance: advance / unitsPerEm,
        dx: dx / unitsPerEm,
        dy: -dy / unitsPerEm,
        cluster: infos[at + 2] as number,
        missing: id === 0,
      };
    });
  }

  #glyph(id: number, advance: number): Glyph {
    let glyph = this.#glyphs.get(id);
    if (glyph === undefined) {
      const { address, unitsPerEm } = this.#open();
      const contours = flatten(drawGlyph(address, id).map((command) => inEms(command, unitsPerEm)));
      glyph = { advance: advance / unitsPerEm, contours };
      this.#glyphs.set(id, glyph);
    }
    return glyph;
  }

  #open(): { readonly address: number; readonly unitsPerEm: number } {
    if (this.#font === undefined) {
      const bytes = readFileSync(this.file);
      const read: ReadBytes = (offset, length) => bytes.subarray(offset, offset + length);
      const tables = fontsOf(read)[this.index];
      if (tables === undefined) throw new NoFontError('it has changed');
      const { face } = makeFace(makeSfnt(read, tables));
      this.#font = { address: harfBuzz().hb_font_create(face), unitsPerEm: harfBuzz().hb_face_get_upem(face) };
    }
    return this.#font;
  }
}

/**
 * The fonts of a file, of which only the lists of letters are read.
 *
 * @throws PaddleLabError FONT_UNREADABLE, FILE_NOT_FOUND
 */
export function readFonts(file: string): Font[] {
  return readFont(file, () =>
    readFileParts(file, (read) => fontsOf(read).map((tables, i) => new Font(file, i, coverage(read, tables)))),
  );
}

function readFont<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    // HarfBuzz checks fonts; if it overlooks something, WebAssembly stops it.
    const isTrap = error instanceof Error && error.name === 'RuntimeError';
    if (!isTrap && !(error instanceof NoFontError)) throw error;
    const text = `Expected a font in ${shownPath(path.resolve(file))} but ${isTrap ? 'it is damaged' : error.message}`;
    throw new PaddleLabError('FONT_UNREADABLE', text, { cause: error });
  }
}

/** The code points that a font has glyphs for. */
function coverage(read: ReadBytes, tables: FontTables): CodePoints {
  const library = harfBuzz();
  const { face, data } = makeFace(makeSfnt(read, tables, ['cmap', 'maxp', 'OS/2']));
  const set = library.hb_set_create();
  library.hb_face_collect_unicodes(face, set);
  const ranges = toRanges(membersOf(set));
  library.hb_set_destroy(set);
  library.hb_face_destroy(face);
  library.free(data);
  if (ranges.length === 0) throw new NoFontError('it has no letters of Unicode');
  return ranges;
}

function* membersOf(set: number): Generator<number> {
  const library = harfBuzz();
  const many = 4096;
  const out = library.malloc(4 * many);
  // HarfBuzz's word for "before the first".
  let last = 0xffffffff;
  for (let count = many; count === many; ) {
    count = library.hb_set_next_many(set, last, out, many);
    const found = new Uint32Array(library.memory.buffer, out, count).slice();
    yield* found;
    last = found.at(-1) ?? last;
  }
  library.free(out);
}

/** A font in HarfBuzz's memory; its bytes stay there as long as the face. */
function makeFace(bytes: Uint8Array): { readonly face: number; readonly data: number } {
  const library = harfBuzz();
  const data = copyIn(bytes);
  const blob = library.hb_blob_create(data, bytes.length, readOnlyMemory, 0, 0);
  const face = library.hb_face_create(blob, 0);
  library.hb_blob_destroy(blob);
  return { face, data };
}

function inEms(command: PathCommand, unitsPerEm: number): PathCommand {
  const scaled = Object.entries(command).map(([key, value]) => {
    if (typeof value !== 'number') return [key, value];
    return [key, (key.startsWith('y') ? -value : value) / unitsPerEm];
  });
  return Object.fromEntries(scaled) as PathCommand;
}

/** Reads parts of a file: of hundreds of fonts, only the lists of letters are needed. */
function readFileParts<T>(file: string, use: (read: ReadBytes) => T): T {
  const handle = openSync(file, 'r');
  try {
    return use((offset, length) => {
      const bytes = Buffer.alloc(length);
      const count = readSync(handle, bytes, 0, length, offset);
      return bytes.subarray(0, count);
    });
  } finally {
    closeSync(handle);
  }
}
