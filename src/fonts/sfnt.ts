import { inflateSync } from 'node:zlib';

/** Reads bytes of a font's file. */
export type ReadBytes = (offset: number, length: number) => Buffer;

/** A font of a file: its tables are not read yet. */
export interface FontTables {
  /** The first four bytes of an uncompressed font file: the kind of its outlines. */
  readonly flavor: number;
  readonly tables: readonly TableEntry[];
}

interface TableEntry {
  readonly tag: string;
  readonly offset: number;
  readonly length: number;
  /** Length after decompression; the same if it is not compressed. */
  readonly fullLength: number;
}

const headerLength = 12;
const recordLength = 16;
const woffHeader = 44;
const woffRecord = 20;
/** More than any font or collection has, and a limit for damaged ones. */
const mostTables = 200;
const mostFonts = 200;
const largestTable = 256e6;

/** A file that is no font, or one of a kind that is not read; the message is the end of a sentence. */
export class NoFontError extends Error {}

/**
 * The fonts of a file: one for TrueType, OpenType and WOFF, several for a collection.
 *
 * @throws NoFontError
 */
export function fontsOf(read: ReadBytes): FontTables[] {
  const kind = read(0, 4).toString('latin1');
  if (kind === 'wOFF') return [woffTables(read)];
  if (kind === 'wOF2') throw new NoFontError('it is WOFF 2; save it as .woff, .ttf or .otf');
  if (kind !== 'ttcf') return [sfntTables(read, 0)];
  const count = take(read, 8, 4).readUInt32BE();
  if (count === 0 || count > mostFonts) throw new NoFontError(`it claims to be a collection of ${count} fonts`);
  const offsets = take(read, 12, 4 * count);
  return Array.from({ length: count }, (_, i) => sfntTables(read, offsets.readUInt32BE(4 * i)));
}

/**
 * An uncompressed font file of these tables, of all by default.
 *
 * @throws NoFontError
 */
export function makeSfnt(read: ReadBytes, { flavor, tables }: FontTables, only?: readonly string[]): Buffer {
  const chosen = tables.filter(({ tag }) => only === undefined || only.includes(tag));
  const header = Buffer.alloc(headerLength + recordLength * chosen.length);
  header.writeUInt32BE(flavor, 0);
  header.writeUInt16BE(chosen.length, 4);
  const parts: Uint8Array[] = [header];
  let end = header.length;
  for (const [i, entry] of chosen.entries()) {
    const data = readTable(read, entry);
    const record = headerLength + recordLength * i;
    header.write(entry.tag, record, 'latin1');
    header.writeUInt32BE(end, record + 8);
    header.writeUInt32BE(data.length, record + 12);
    const padding = Buffer.alloc(-data.length & 3);
    parts.push(data, padding);
    end += data.length + padding.length;
  }
  return Buffer.concat(parts);
}

function readTable(read: ReadBytes, { tag, offset, length, fullLength }: TableEntry): Buffer {
  const data = take(read, offset, length);
  if (length === fullLength) return data;
  try {
    const full = inflateSync(data, { maxOutputLength: fullLength });
    if (full.length === fullLength) return full;
  } catch {
    // Told apart from a right one by its length only.
  }
  throw new NoFontError(`its table ${JSON.stringify(tag)} is damaged`);
}

function sfntTables(read: ReadBytes, start: number): FontTables {
  const kind = read(start, 4).toString('latin1');
  if (!['\0\x01\0\0', 'OTTO', 'true'].includes(kind)) throw new NoFontError('it is no TrueType, OpenType or WOFF font');
  const header = take(read, start, headerLength);
  const count = checkCount(header.readUInt16BE(4));
  const records = take(read, start + headerLength, recordLength * count);
  const tables = Array.from({ length: count }, (_, i) => {
    const record = records.subarray(recordLength * i);
    const length = record.readUInt32BE(12);
    return { tag: record.toString('latin1', 0, 4), offset: record.readUInt32BE(8), length, fullLength: length };
  });
  return { flavor: header.readUInt32BE(0), tables };
}

function woffTables(read: ReadBytes): FontTables {
  const header = take(read, 0, woffHeader);
  const count = checkCount(header.readUInt16BE(12));
  const records = take(read, woffHeader, woffRecord * count);
  const tables = Array.from({ length: count }, (_, i) => {
    const record = records.subarray(woffRecord * i);
    const [offset, length, fullLength] = [4, 8, 12].map((at) => record.readUInt32BE(at)) as [number, number, number];
    if (length > fullLength || fullLength > largestTable) throw new NoFontError('its list of tables is damaged');
    return { tag: record.toString('latin1', 0, 4), offset, length, fullLength };
  });
  return { flavor: header.readUInt32BE(4), tables };
}

function checkCount(count: number): number {
  if (count === 0 || count > mostTables) throw new NoFontError(`it claims to have ${count} tables`);
  return count;
}

function take(read: ReadBytes, offset: number, length: number): Buffer {
  if (length > largestTable) throw new NoFontError('its list of tables is damaged');
  const bytes = read(offset, length);
  if (bytes.length !== length) throw new NoFontError('it is cut off');
  return bytes;
}
