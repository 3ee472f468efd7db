import { type FileHandle, open } from '../files/fs';

/**
 * The GPU code in one fat binary, or in several equal ones: compute capabilities times ten (86 is 8.6). Machine code
 * (`binaries`) runs on cards with the same major number and the same or a higher minor number; PTX is compiled for
 * every newer card.
 */
export interface GpuCode {
  readonly binaries: readonly number[];
  readonly ptx: readonly number[];
  /** Number of fat binaries with exactly this code. */
  readonly count: number;
}

/** The ELF sections in which nvcc puts them, the second for device-linked code. */
const SECTIONS: readonly string[] = ['.nv_fatbin', '__nv_relfatbin'];
const MAGIC = 0xba55ed50;
const ALIGNMENT = 8;
const WINDOW = 4096;

/**
 * Reads which GPUs a shared library has code for. It reads only the headers, which are never compressed, even if the
 * library has gigabytes.
 */
export async function readGpuCode(library: string): Promise<GpuCode[]> {
  const file = await open(library);
  try {
    const found = new Map<string, GpuCode>();
    for (const { offset, size } of await fatBinarySections(file)) await readSection(file, offset, offset + size, found);
    return [...found.values()].sort((a, b) => b.count - a.count);
  } finally {
    await file.close();
  }
}

interface Section {
  readonly offset: number;
  readonly size: number;
}

/** Empty for a file that is not 64-bit little-endian ELF. */
async function fatBinarySections(file: FileHandle): Promise<Section[]> {
  const header = await readAt(file, 0, 64);
  if (header.length < 64 || header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2 || header[5] !== 1) return [];
  const count = header.readUInt16LE(60);
  const table = await readAt(file, Number(header.readBigUInt64LE(40)), count * 64);
  if (table.length < count * 64) return [];
  const sectionAt = (index: number): Section => ({
    offset: Number(table.readBigUInt64LE(index * 64 + 24)),
    size: Number(table.readBigUInt64LE(index * 64 + 32)),
  });
  const nameTable = header.readUInt16LE(62);
  if (nameTable >= count) return [];
  const { offset, size } = sectionAt(nameTable);
  const names = (await readAt(file, offset, Math.min(size, 1 << 20))).toString('latin1');
  const found: Section[] = [];
  for (let i = 0; i < count; i++) {
    const start = table.readUInt32LE(i * 64);
    if (SECTIONS.includes(names.slice(start, names.indexOf('\0', start)))) found.push(sectionAt(i));
  }
  return found;
}

async function readSection(file: FileHandle, start: number, end: number, found: Map<string, GpuCode>): Promise<void> {
  let position = start;
  while (position < end) {
    const window = await readAt(file, position, Math.min(WINDOW, end - position));
    const at = offsetOfMagic(window);
    if (at === undefined) {
      if (window.length < WINDOW) return;
      position += WINDOW - ALIGNMENT * 2;
      continue;
    }
    const headerSize = window.readUInt16LE(at + 6);
    const body = position + at + headerSize;
    const next = body + Number(window.readBigUInt64LE(at + 8));
    if (headerSize < 16 || next > end) return;
    note(found, await readEntries(file, body, next));
    position = next;
  }
}

/** Skips the padding between fat binaries. */
function offsetOfMagic(window: Buffer): number | undefined {
  for (let at = 0; at + 16 <= window.length; at += ALIGNMENT) if (window.readUInt32LE(at) === MAGIC) return at;
  return undefined;
}

/** An entry is the code for one architecture: u16 kind (1 PTX, 2 machine code), u32 header size at 4, u64 size at 8, u32 architecture at 28. */
async function readEntries(file: FileHandle, start: number, end: number): Promise<Omit<GpuCode, 'count'>> {
  const binaries = new Set<number>();
  const ptx = new Set<number>();
  let position = start;
  while (position + 32 <= end) {
    const header = await readAt(file, position, 32);
    if (header.length < 32) break;
    const headerSize = header.readUInt32LE(4);
    if (headerSize < 32) break;
    const kind = header.readUInt16LE(0);
    if (kind === 1) ptx.add(header.readUInt32LE(28));
    if (kind === 2) binaries.add(header.readUInt32LE(28));
    position += headerSize + Number(header.readBigUInt64LE(8));
  }
  return { binaries: sorted(binaries), ptx: sorted(ptx) };
}

function note(found: Map<string, GpuCode>, { binaries, ptx }: Omit<GpuCode, 'count'>): void {
  if (binaries.length + ptx.length === 0) return;
  const key = `${binaries} ${ptx}`;
  found.set(key, { binaries, ptx, count: (found.get(key)?.count ?? 0) + 1 });
}

function sorted(numbers: ReadonlySet<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
