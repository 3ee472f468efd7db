import { PaddleLabError } from '../../errors';
import { readSync, writeSync } from '../../files/fs';
import { inParts, type RegionSlice } from '../../open-inference/shared-memory';
import type { BufferPool } from '../buffer-pool';
import type { MemoryBudget } from '../memory-budget';
import { ServiceError, wrongRequest } from '../service/refusals';
import { type RegionFile, withRegionFile } from './region-file';

/** A region as its client registers it. */
export interface Region {
  readonly name: string;
  /** Names the shared memory, as for `shm_open`. */
  readonly key: string;
  /** Where the region begins in it. */
  readonly offset: number;
  readonly byteSize: number;
}

interface KnownRegion extends Region {
  /** Of the file that was registered. */
  readonly identity: string;
}

/** Bytes of regions in memory of this process. */
export interface LentBytes {
  /** One per slice, at a multiple of 8 bytes. */
  readonly parts: readonly Buffer[];
  /** @param readNoMore whether nothing reads the parts from then on, so that others get their memory */
  end(readNoMore: boolean): void;
}

/** Regions at the same time. */
const mostRegions = 1024;
/** How many are looked at when there is no room for another. */
const lookedAt = 16;
const longestName = 200;
const alignment = 8;

/**
 * Shared memory that clients have registered for tensors. It is opened anew for each use: what a client has removed or
 * cut meanwhile is an error of its request, and holds no memory here.
 */
export class SharedRegions {
  private readonly regions = new Map<string, KnownRegion>();

  constructor(
    /** Most bytes of a request. */
    private readonly largest: number,
    private readonly memory: MemoryBudget,
    private readonly pool: BufferPool,
  ) {}

  get count(): number {
    return this.regions.size;
  }

  /** @throws PaddleLabError INVALID_ARGUMENT, SERVER_BUSY */
  register(region: Region): void {
    const { name, key, offset, byteSize } = region;
    if (name === '' || name.length > longestName) {
      throw wrongRequest(`1 to ${longestName} characters for the name of a region`, String(name.length));
    }
    if (this.regions.has(name)) {
      throw wrongRequest('a name that is not registered', `${shown(name)}, which is; unregister it first`);
    }
    if (byteSize < 1) throw wrongRequest(`1 byte or more for region ${shown(name)}`, String(byteSize));
    const identity = withRegionFile(key, 'read', (file) => {
      if (offset + byteSize > file.size) throw tooShort(region, file);
      return file.identity;
    });
    if (this.regions.size >= mostRegions) this.dropGone();
    if (this.regions.size >= mostRegions) {
      throw new ServiceError(
        'SERVER_BUSY',
        `${mostRegions} regions are registered, which is the limit; unregister some`,
        1,
      );
    }
    this.regions.set(name, { name, key, offset, byteSize, identity });
  }

  /** Forgets a region, or all of them; one that is not known is none. */
  unregister(name?: string): void {
    if (name === undefined) this.regions.clear();
    else this.regions.delete(name);
  }

  /** @throws PaddleLabError INVALID_ARGUMENT if it is not registered */
  status(name?: string): Region[] {
    const found = name === undefined ? [...this.regions.values()] : [this.find(name)];
    return found.map(({ identity, ...region }) => region);
  }

  /** @throws PaddleLabError INVALID_ARGUMENT if a slice is not in a region */
  check(slice: RegionSlice): void {
    const { byteSize } = this.find(slice.region);
    // Each is a safe integer, so that their sum is no smaller than they are.
    if (slice.offset + slice.size <= byteSize) return;
    const place = `bytes of region ${shown(slice.region)}, which has ${byteSize},`;
    throw wrongRequest(place, `${slice.size} from ${slice.offset} on`);
  }

  /**
   * Copies slices into memory of this process.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, TOO_LARGE, SERVER_BUSY
   */
  async read(slices: readonly RegionSlice[]): Promise<LentBytes> {
    for (const slice of slices) this.check(slice);
    const starts: number[] = [];
    let total = 0;
    for (const { size } of slices) {
      starts.push(total);
      total += Math.ceil(size / alignment) * alignment;
    }
    if (total > this.largest) throw tooLarge(total, this.largest);
    const fits = this.memory.take(total);
    const memory = fits ? this.pool.take(total) : undefined;
    const lent: LentBytes = {
      parts: slices.map(({ size }, i) => memory?.subarray(starts[i], starts[i]! + size) ?? Buffer.alloc(0)),
      end: (readNoMore) => {
        this.memory.free(total);
        if (readNoMore && memory !== undefined) this.pool.leave(memory);
      },
    };
    try {
      if (!fits)
        throw new ServiceError('SERVER_BUSY', 'Other requests fill the memory of this server; try again later', 1);
      for (const [i, slice] of slices.entries()) await this.copy(slice, lent.parts[i]!, 'read');
    } catch (error) {
      lent.end(false);
      throw error;
    }
    return lent;
  }

  /**
   * Copies an output into its region.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  async write(slice: RegionSlice, bytes: Uint8Array): Promise<void> {
    this.check(slice);
    if (bytes.byteLength > slice.size) {
      const place = `${bytes.byteLength} bytes or more of region ${shown(slice.region)} for an output`;
      throw wrongRequest(place, String(slice.size));
    }
    await this.copy(slice, bytes, 'write');
  }

  private copy({ region: name, offset }: RegionSlice, bytes: Uint8Array, access: 'read' | 'write'): Promise<void> {
    const region = this.find(name);
    const first = region.offset + offset;
    return withRegionFile(region.key, access, async (open) => {
      if (open.identity !== region.identity) {
        throw wrongRequest(`the shared memory that was registered as ${shown(name)}`, 'another file of its name');
      }
      // A write behind the end would make the file larger.
      if (first + bytes.byteLength > open.size) throw tooShort(region, open);
      await inParts(bytes.byteLength, (start, end) => {
        const length = end - start;
        const moved =
          access === 'read'
            ? readSync(open.file, bytes, start, length, first + start)
            : writeSync(open.file, bytes, start, length, first + start);
        if (moved !== length) throw tooShort(region, { size: first + start + moved });
      });
    });
  }

  private find(name: string): KnownRegion {
    const found = this.regions.get(name);
    if (found !== undefined) return found;
    throw wrongRequest('a region that is registered', shown(name));
  }

  /** Makes room where clients have ended without unregistering: looks at the regions that were checked longest ago. */
  private dropGone(): void {
    for (const region of [...this.regions.values()].slice(0, lookedAt)) {
      this.regions.delete(region.name);
      if (isThere(region)) this.regions.set(region.name, region);
    }
  }
}

function isThere({ key, identity }: KnownRegion): boolean {
  try {
    return withRegionFile(key, 'read', (file) => file.identity) === identity;
  } catch {
    return false;
  }
}

function tooShort({ name, offset, byteSize }: Region, { size }: Pick<RegionFile, 'size'>): PaddleLabError {
  const range = offset === 0 ? `${byteSize} bytes` : `${byteSize} bytes from ${offset} on`;
  return wrongRequest(`shared memory with ${range} for region ${shown(name)}`, `one of ${size} bytes`);
}

function tooLarge(size: number, largest: number): PaddleLabError {
  const text = `Expected at most ${largest} bytes of tensors but received ${size}; send smaller batches, or raise --max-body`;
  return new PaddleLabError('TOO_LARGE', text);
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
