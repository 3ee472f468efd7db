import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { PaddleLabError } from '../../../errors';
import { isDiskFull } from '../../../files/disk-full';
import { ftruncateSync, writeSync } from '../../../files/fs';
import { inParts, type RegionSlice, sharedMemoryFolder } from '../../../open-inference/shared-memory';
import { TemporaryFile } from '../../../temporary-folder';
import type { ModelServer, RemoteRegion } from '../model-server';

/** Inputs begin at multiples of this many bytes, as servers that map the memory want it. */
const alignment = 64;

/** Shared memory of this process, for the inputs of one run at a time. */
export class Region implements RemoteRegion {
  /** A name of its own, because servers have one list for all clients. */
  readonly name: string = `paddlelab-${randomUUID()}`;
  readonly key: string;
  /** The servers that know it. */
  readonly servers = new Set<ModelServer>();

  private constructor(
    private readonly memory: TemporaryFile,
    readonly byteSize: number,
  ) {
    this.key = `/${path.basename(memory.path)}`;
  }

  /** @throws PaddleLabError FILE_UNWRITABLE */
  static create(byteSize: number): Region {
    const memory = TemporaryFile.create('tensors', sharedMemoryFolder);
    try {
      ftruncateSync(memory.file, byteSize);
      return new Region(memory, byteSize);
    } catch (error) {
      memory.releaseSync();
      throw error;
    }
  }

  /** Writes tensors one after the other. @throws PaddleLabError FILE_UNWRITABLE */
  async write(tensors: readonly Uint8Array[]): Promise<RegionSlice[]> {
    const slices: RegionSlice[] = [];
    let offset = 0;
    for (const bytes of tensors) {
      await this.writeOne(bytes, offset);
      slices.push({ region: this.name, offset, size: bytes.byteLength });
      offset += alignedSize(bytes);
    }
    return slices;
  }

  private async writeOne(bytes: Uint8Array, offset: number): Promise<void> {
    try {
      await inParts(bytes.byteLength, (start, end) => {
        const written = writeSync(this.memory.file, bytes, start, end - start, offset + start);
        if (written < end - start) throw noRoom();
      });
    } catch (error) {
      throw isDiskFull(error) ? noRoom(error) : error;
    }
  }

  remove(): void {
    this.memory.releaseSync();
  }
}

/** Number of bytes that tensors take in a region. */
export function regionSize(tensors: readonly Uint8Array[]): number {
  return tensors.reduce((sum, bytes) => sum + alignedSize(bytes), 0);
}

function alignedSize({ byteLength }: Uint8Array): number {
  return Math.ceil(byteLength / alignment) * alignment;
}

function noRoom(cause?: unknown): PaddleLabError {
  const text =
    `Can't write tensors into shared memory: ${sharedMemoryFolder} is full; remove files there, give it more (a container: ` +
    '--shm-size), or leave out backend.sharedMemory';
  return new PaddleLabError('FILE_UNWRITABLE', text, { cause });
}
