import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ModelService } from '../service/model-service';
import { wrongRequest } from '../service/refusals';
import type { BodyBudget, ReadBody } from './read-body';

/** A request that is answered, even if the server ends meanwhile. */
export interface TakenRequest {
  readonly body: Buffer;
  /** Fires when the client has disconnected. */
  readonly signal: AbortSignal;
  readonly admission: { release(): void };
  /** Calls back when the answer was sent or the client is gone. */
  readonly onEnd: (callback: () => void) => void;
}

/**
 * Accepts a request with its body. Its place in the queue and its memory are released when the response was sent or the
 * client has disconnected.
 *
 * @throws PaddleLabError NOT_READY, TOO_LARGE, SERVER_BUSY, INVALID_ARGUMENT
 */
export async function takeRequest(
  service: ModelService,
  budget: BodyBudget,
  request: FastifyRequest,
  reply: FastifyReply,
  aligned?: number,
): Promise<TakenRequest> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw wrongRequest('a body as it is', `Content-Encoding ${encoding.slice(0, 40)}`);
  const admission = await admit(service, request);
  const gone = new AbortController();
  let free: ReadBody['free'] | undefined;
  reply.raw.once('close', () => {
    const { writableFinished, statusCode } = reply.raw;
    // A run that was cancelled or took too long may still read it.
    free?.(writableFinished && statusCode === 200);
    admission.release();
    if (!writableFinished) gone.abort();
  });
  const read = await budget.read(request.raw, aligned);
  free = read.free;
  if (reply.raw.destroyed) free();
  const onEnd = (callback: () => void): void => {
    if (reply.raw.destroyed) callback();
    else reply.raw.once('close', callback);
  };
  return { body: read.body, signal: gone.signal, admission, onEnd };
}

async function admit(service: ModelService, { raw }: FastifyRequest): Promise<{ release(): void }> {
  try {
    return service.admit();
  } catch (error) {
    // The connection is closed after the answer, which the client would not see while it sends.
    raw.resume();
    await arrived(raw);
    throw error;
  }
}

const longestDropMs = 1000;

async function arrived(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, longestDropMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.once('end', end).once('close', end);
  });
}
