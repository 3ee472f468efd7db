import type { Metadata, ServerInterceptor, StatusObject } from '@grpc/grpc-js';
import { PaddleLabError } from '../../errors';
import type { GrpcLibrary } from '../../open-inference/grpc/library';
import type { MemoryBudget } from '../memory-budget';
import type { ServeMetrics } from '../metrics';
import type { ServeSettings } from '../options';
import { ServiceError } from '../service/refusals';
import { tokenCheck } from '../token';
import { outcomeOf, statusOf } from './grpc-status';

/** The log of calls, as lines of JSON. */
export interface ServeLog {
  info(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export interface InterceptorParts {
  readonly settings: ServeSettings;
  readonly metrics: ServeMetrics;
  readonly budget: MemoryBudget;
  readonly log: ServeLog;
}

/** Answered without a token, as over HTTP. */
const health = /\/(ServerLive|ServerReady|Check)$/;

/** Checks each call before and while it arrives: token, memory, time. Writes its line in the log. */
export function callInterceptor(
  library: GrpcLibrary,
  { settings, metrics, budget, log }: InterceptorParts,
): ServerInterceptor {
  const { ServerInterceptingCall } = library.grpc;
  const allows = tokenCheck(settings.token);
  return ({ path }, call) => {
    const started = performance.now();
    let timer: NodeJS.Timeout | undefined;
    let size = 0;
    let refused = false;
    const refuse = (error: PaddleLabError): void => {
      if (refused) return;
      refused = true;
      metrics.refused(outcomeOf(error));
      const status = statusOf(library, error);
      ended(status);
      call.sendStatus(status);
    };
    const ended = ({ code }: Pick<StatusObject, 'code'>): void => {
      clearTimeout(timer);
      const ms = Math.round((performance.now() - started) * 100) / 100;
      log.info({ call: path.slice(1), status: library.grpc.status[code], ms }, 'request');
    };
    arriving(call)?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (!budget.take(chunk.length)) refuse(fullMemory());
    });
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            if (!health.test(path) && !allows(authorizationOf(metadata))) return refuse(noLogin());
            timer = setTimeout(() => refuse(late()), settings.receiveTimeout);
            pass(metadata);
          },
          onReceiveMessage: (message, pass) => {
            clearTimeout(timer);
            if (!refused) pass(message);
          },
          onReceiveHalfClose: (pass) => pass(),
          // After each call, also after those that were answered.
          onCancel: () => {
            clearTimeout(timer);
            budget.free(size);
            size = 0;
          },
        }),
      sendStatus: (status, next) => {
        if (refused) return;
        ended(status);
        next(status);
      },
    });
  };
}

/** The stream of a call, whose bytes can be counted before the message is complete. */
function arriving(call: object): NodeJS.ReadableStream | undefined {
  // The library shows only complete messages.
  return (call as { readonly stream?: NodeJS.ReadableStream }).stream;
}

function authorizationOf(metadata: Metadata): string | undefined {
  const [value] = metadata.get('authorization');
  return typeof value === 'string' ? value : undefined;
}

function noLogin(): PaddleLabError {
  return new PaddleLabError('LOGIN_FAILED', 'This server wants its token as metadata: authorization: Bearer TOKEN');
}

function fullMemory(): PaddleLabError {
  const text = 'The requests that are being received fill the memory set aside for them; try again later';
  return new ServiceError('SERVER_BUSY', text, 1);
}

function late(): PaddleLabError {
  return new ServiceError('TIMED_OUT', 'The request did not arrive in time');
}
