import type { IncomingMessage } from 'node:http';
import { PaddleLabError } from '../../errors';
import type { BufferPool } from '../buffer-pool';
import type { MemoryBudget } from '../memory-budget';
import { ServiceError } from '../service/refusals';

/** A body that was received. */
export interface ReadBody {
  readonly body: Buffer;
  readonly free: (readNoMore?: boolean) => void;
}

/** Bytes of bodies that are in memory at the same time, of all requests together. */
export class BodyBudget {
  constructor(
    /** Of one body. */
    private readonly largest: number,
    /** Of all bodies. */
    private readonly memory: MemoryBudget,
    private readonly pool: BufferPool,
  ) {}

  /**
   * Reads a body. Memory is allocated for the bytes that have arrived, not for the announced length.
   *
   * @param aligned number of first bytes after which elements of tensors begin, which then are at a multiple of 8 bytes
   * @returns the body, and a function that releases it; its argument says whether nothing can still read the body
   * @throws PaddleLabError TOO_LARGE, SERVER_BUSY, INVALID_ARGUMENT (it ended early)
   */
  async read(request: IncomingMessage, aligned = 0): Promise<ReadBody> {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > this.largest) throw this.tooLarge(announced);
    const body = new GrowingBuffer(this.pool, aligned, announced);
    const free = (readNoMore = false): void => {
      this.memory.free(body.size);
      body.clear(readNoMore);
    };
    try {
      await new Promise<void>((resolve, reject) => {
        // A connection that is already closed emits no event.
        if (request.destroyed && !request.complete) reject(cut());
        request.on('data', (chunk: Buffer) => {
          if (body.size + chunk.length > this.largest) reject(this.tooLarge(body.size + chunk.length));
          else {
            body.add(chunk);
            if (!this.memory.take(chunk.length)) reject(busy());
          }
        });
        request.once('end', resolve);
        request.once('error', () => reject(cut()));
        request.once('close', () => {
          // It also closes after its end; an error costs time even if nobody reads it.
          if (!request.complete) reject(cut());
        });
      });
    } catch (error) {
      // What still comes is dropped, so that the connection can be used again.
      request.removeAllListeners('data');
      request.resume();
      free();
      throw error;
    }
    return { body: body.take(), free };
  }

  private tooLarge(size: number): PaddleLabError {
    const text = `Expected a body of at most ${this.largest} bytes but received ${size} or more; send smaller batches, or raise --max-body`;
    return new PaddleLabError('TOO_LARGE', text);
  }
}

const alignment = 8;
/** The size of the first allocation; the system provides memory only for what is written. */
const mostAnnounced = 2 ** 24;

/** Appends bytes; beyond the announced length, the buffer grows with the bytes that arrive. */
class GrowingBuffer {
  size = 0;
  private memory: Buffer;

  constructor(
    private readonly pool: BufferPool,
    aligned: number,
    announced: number,
    private readonly padding = (alignment - (aligned % alignment)) % alignment,
  ) {
    this.memory = pool.take(padding + Math.min(announced, mostAnnounced));
  }

  add(chunk: Buffer): void {
    const start = this.padding + this.size;
    const end = start + chunk.length;
    if (end > this.memory.length) {
      const larger = this.pool.take(Math.max(end, 2 * this.memory.length));
      larger.set(this.memory.subarray(0, start));
      this.pool.leave(this.memory);
      this.memory = larger;
    }
    this.memory.set(chunk, start);
    this.size += chunk.length;
  }

  take(): Buffer {
    return this.memory.subarray(this.padding, this.padding + this.size);
  }

  clear(readNoMore: boolean): void {
    this.size = 0;
    if (readNoMore) this.pool.leave(this.memory);
    this.memory = Buffer.alloc(0);
  }
}

function busy(): ServiceError {
  return new ServiceError(
    'SERVER_BUSY',
    'The requests that are being received fill the memory set aside for them; try again later',
    1,
  );
}

function cut(): PaddleLabError {
  return new PaddleLabError('INVALID_ARGUMENT', 'The request ended before its body did');
}
