import type { Metadata, StatusObject, status } from '@grpc/grpc-js';
import { messageOf, PaddleLabError, type PaddleLabErrorCode } from '../../errors';
import type { GrpcLibrary } from '../../open-inference/grpc/library';
import type { Outcome } from '../service/observer';
import { ServiceError } from '../service/refusals';

/** Statuses of gRPC by code; others are failures of the server: INTERNAL. */
const statuses: Partial<Record<PaddleLabErrorCode, keyof typeof status>> = {
  INVALID_ARGUMENT: 'INVALID_ARGUMENT',
  LOGIN_FAILED: 'UNAUTHENTICATED',
  MODEL_NOT_FOUND: 'NOT_FOUND',
  // Not RESOURCE_EXHAUSTED, after which clients send the same again.
  TOO_LARGE: 'INVALID_ARGUMENT',
  ABORTED: 'CANCELLED',
  NOT_READY: 'UNAVAILABLE',
  SERVER_BUSY: 'RESOURCE_EXHAUSTED',
  TIMED_OUT: 'DEADLINE_EXCEEDED',
};

/** Headers have no room for more. */
const longestText = 1000;

/** An error as it is answered. Texts of unexpected errors stay here: they may name files and parts of the program. */
export function statusOf({ grpc }: GrpcLibrary, error: unknown): StatusObject {
  const code = outcomeOf(error);
  const name = code === 'OK' || code === 'INTERNAL' ? 'INTERNAL' : (statuses[code] ?? 'INTERNAL');
  const text = code === 'INTERNAL' ? 'This server made a mistake; its log has the details' : messageOf(error);
  const details = text.length > longestText ? `${text.slice(0, longestText - 3)}...` : text;
  const metadata = error instanceof ServiceError ? retryAfter(new grpc.Metadata(), error) : new grpc.Metadata();
  return { code: grpc.status[name], details: wellFormed(details), metadata };
}

export function outcomeOf(error: unknown): Outcome {
  return error instanceof PaddleLabError ? error.code : 'INTERNAL';
}

/** What libraries of gRPC read that repeat calls. */
function retryAfter(metadata: Metadata, { retryAfter: seconds }: ServiceError): Metadata {
  if (seconds !== undefined) metadata.set('grpc-retry-pushback-ms', String(1000 * seconds));
  return metadata;
}

/** Half of a pair of surrogates has no UTF-8. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
