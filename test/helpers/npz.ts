import { readFile } from 'node:fs/promises';
import { fromBuffer } from 'yauzl';

/** A numpy array. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** Reads the arrays of an `.npz` file, by name. */
export async function readNpz(file: string): Promise<Map<string, NpyArray>> {
  const bytes = await readFile(file);
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      const arrays = new Map<string, NpyArray>();
      zip.on('error', reject).on('end', () => resolve(arrays));
      zip.on('entry', (entry) => {
        zip.openReadStream(entry, (failure, stream) => {
          if (failure) return reject(failure);
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
          stream.on('end', () => {
            arrays.set(entry.fileName.replace(/\.npy$/, ''), parseNpy(Buffer.concat(chunks)));
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
}

function parseNpy(bytes: Buffer): NpyArray {
  const headerBytes = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + headerBytes);
  const type = /'descr': '([^']+)'/.exec(header)?.[1];
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const body = Uint8Array.from(bytes.subarray(10 + headerBytes)).buffer;
  if (type === '<f4') return { shape, data: new Float32Array(body) };
  if (type === '<i4') return { shape, data: new Int32Array(body) };
  throw new Error(`No reader for numpy type ${type}`);
}
