/** The code of one fat binary: compute capabilities times ten. */
export interface FatBinary {
  readonly binaries?: readonly number[];
  readonly ptx?: readonly number[];
}

/** A shared library that contains only fat binaries in nvcc's layout: padding between them, code of any size. */
export function fatLibrary(fatBinaries: readonly FatBinary[], padding = 24): Buffer {
  const names = Buffer.from('\0.shstrtab\0.nv_fatbin\0');
  const code = Buffer.concat(fatBinaries.flatMap((one) => [fatBinary(one), Buffer.alloc(padding)]));
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeBigUInt64LE(BigInt(64 + names.length + code.length), 40);
  header.writeUInt16LE(3, 60);
  header.writeUInt16LE(1, 62);
  return Buffer.concat([
    ...[header, names, code, Buffer.alloc(64)],
    section(1, 64, names.length),
    section(11, 64 + names.length, code.length),
  ]);
}

function section(name: number, offset: number, size: number): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(name, 0);
  header.writeBigUInt64LE(BigInt(offset), 24);
  header.writeBigUInt64LE(BigInt(size), 32);
  return header;
}

function fatBinary({ binaries = [], ptx = [] }: FatBinary): Buffer {
  const entries = Buffer.concat([...ptx.map((one) => entry(1, one)), ...binaries.map((one) => entry(2, one))]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(0xba55ed50, 0);
  header.writeUInt16LE(1, 4);
  header.writeUInt16LE(16, 6);
  header.writeBigUInt64LE(BigInt(entries.length), 8);
  return Buffer.concat([header, entries]);
}

function entry(kind: 1 | 2, architecture: number): Buffer {
  const header = Buffer.alloc(64);
  const code = Buffer.alloc(4096 + architecture * 8, 0x11);
  header.writeUInt16LE(kind, 0);
  header.writeUInt32LE(header.length, 4);
  header.writeBigUInt64LE(BigInt(code.length), 8);
  header.writeUInt32LE(architecture, 28);
  return Buffer.concat([header, code]);
}
