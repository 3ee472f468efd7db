import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ModelService } from '../service/model-service';
import type { BodyBudget } from './read-body';

/** A request that is answered, even if the server ends meanwhile. */
export interface TakenRequest {
  readonly body: Buffer;
  /** Fires when the client is gone. */
  readonly signal: AbortSignal;
  readonly admission: { release(): void };
}

/**
 * Takes a request with its body. Its place and memory are given back when the answer was sent or the client is gone.
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
  const admission = admit(service, request, reply);
  const gone = new AbortController();
  let free: (() => void) | undefined;
  reply.raw.once('close', () => {
    free?.();
    admission.release();
    if (!reply.raw.writableFinished) gone.abort();
  });
  const read = await budget.read(request.raw, aligned);
  free = read.free;
  if (reply.raw.destroyed) free();
  return { body: read.body, signal: gone.signal, admission };
}

function admit(service: ModelService, request: FastifyRequest, reply: FastifyReply): { release(): void } {
  try {
    return service.admit();
  } catch (error) {
    // The client goes elsewhere; what it sends is still read, so that it sees the answer.
    request.raw.resume();
    reply.header('connection', 'close');
    throw error;
  }
}
