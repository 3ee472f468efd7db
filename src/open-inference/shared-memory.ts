import { setImmediate } from 'node:timers/promises';
import { type Refuse, shownJson } from './described-tensor';

/** The extension's name in the metadata of a server. */
export const sharedMemoryExtension = 'system_shared_memory';

/** Where Linux has shared memory: each key is a file there. */
export const sharedMemoryFolder = '/dev/shm';

/** Where a tensor is: bytes of a region that was registered. */
export interface RegionSlice {
  readonly region: string;
  readonly offset: number;
  readonly size: number;
}

const names = {
  region: 'shared_memory_region',
  offset: 'shared_memory_offset',
  size: 'shared_memory_byte_size',
} as const;

/** The parameters of a tensor that is in shared memory. */
export function sliceParameters({ region, offset, size }: RegionSlice): Readonly<Record<string, string | number>> {
  return { [names.region]: region, [names.offset]: offset, [names.size]: size };
}

/**
 * Reads these parameters again; undefined if the tensor is not in shared memory.
 *
 * @param what such as `input "image"`
 */
export function readSlice(
  what: string,
  parameters: Readonly<Record<string, unknown>>,
  refuse: Refuse,
): RegionSlice | undefined {
  const { [names.region]: region, [names.offset]: offset = 0, [names.size]: size } = parameters;
  if (region === undefined) {
    if (size === undefined) return undefined;
    throw refuse(`${names.region} beside ${names.size} of ${what}`, 'none');
  }
  if (typeof region !== 'string') throw refuse(`a name for ${names.region} of ${what}`, shownJson(region));
  if (!isCount(offset)) throw refuse(`an integer ≥ 0 for ${names.offset} of ${what}`, shownJson(offset));
  if (!isCount(size)) throw refuse(`an integer ≥ 0 for ${names.size} of ${what}`, shownJson(size));
  return { region, offset, size };
}

/** Whether a value is a number of bytes. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** As much is read or written at once, in some 2 ms; then other work gets its turn. */
const bytesAtOnce = 4 * 2 ** 20;

/** Reads or writes bytes in parts, so that the event loop stays free; few bytes at once. */
export async function inParts(size: number, move: (start: number, end: number) => void): Promise<void> {
  for (let start = 0; start < size; start += bytesAtOnce) {
    if (start > 0) await setImmediate();
    move(start, Math.min(size, start + bytesAtOnce));
  }
}
