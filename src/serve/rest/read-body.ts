import type { IncomingMessage } from 'node:http';
import { PaddleLabError } from '../../errors';
import { ServiceError } from '../service/refusals';

/** Bytes of bodies that are in memory at the same time, of all requests together. */
export class BodyBudget {
  private used = 0;

  constructor(
    /** Of one body. */
    readonly largest: number,
    /** Of all bodies. */
    private readonly total: number,
  ) {}

  /**
   * Reads a body. Memory is taken only for what has arrived, whatever the request announces.
   *
   * @param aligned number of first bytes after which elements of tensors begin, which then are at a multiple of 8 bytes
   * @returns the body, and a function that says that it is no longer needed
   * @throws PaddleLabError TOO_LARGE, SERVER_BUSY, INVALID_ARGUMENT (it ended early)
   */
  async read(request: IncomingMessage, aligned = 0): Promise<{ readonly body: Buffer; readonly free: () => void }> {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > this.largest) throw this.tooLarge(announced);
    const chunks: Buffer[] = [];
    let size = 0;
    const free = (): void => {
      this.used -= size;
      size = 0;
    };
    try {
      await new Promise<void>((resolve, reject) => {
        // No event comes of a connection that is gone already.
        if (request.destroyed && !request.complete) reject(cut());
        request.on('data', (chunk: Buffer) => {
          this.used += chunk.length;
          size += chunk.length;
          if (size > this.largest) reject(this.tooLarge(size));
          else if (this.used > this.total) reject(busy());
          else chunks.push(chunk);
        });
        request.once('end', resolve);
        request.once('error', () => reject(cut()));
        request.once('close', () => reject(cut()));
      });
    } catch (error) {
      free();
      // What still comes is dropped, so that the connection can be used again.
      request.removeAllListeners('data');
      request.resume();
      throw error;
    }
    return { body: concat(chunks, size, aligned), free };
  }

  private tooLarge(size: number): PaddleLabError {
    const text = `Expected a body of at most ${this.largest} bytes but received ${size} or more; send smaller batches, or raise --max-body`;
    return new PaddleLabError('TOO_LARGE', text);
  }
}

const alignment = 8;

function concat(chunks: readonly Buffer[], size: number, aligned: number): Buffer {
  const padding = (alignment - (aligned % alignment)) % alignment;
  const memory = Buffer.allocUnsafeSlow(size + padding);
  let at = padding;
  for (const chunk of chunks) {
    memory.set(chunk, at);
    at += chunk.length;
  }
  return memory.subarray(padding);
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
