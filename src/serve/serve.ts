import type { AddressInfo, Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { messageOf, PaddleLabError } from '../errors';
import { throwIfAborted } from '../validate';
import { BufferPool } from './buffer-pool';
import { createGrpc } from './grpc/grpc-listener';
import { MemoryBudget } from './memory-budget';
import { collectMetrics } from './metrics';
import { modelSources, type ServedModels } from './models';
import { readServeOptions, type ServeOptions } from './options';
import { createRest } from './rest/app';
import { ModelService } from './service/model-service';
import { SharedRegions } from './shared-memory/regions';
import { readTls } from './tls';

/** A server that runs; made by `serve`. */
export interface ModelServer extends AsyncDisposable {
  /** Such as `http://127.0.0.1:8000`; a model of it is `${url}/v2/models/NAME`. */
  readonly url: string;
  /** Such as `grpc://127.0.0.1:8001`; a model of it is `${grpcUrl}/NAME`. Undefined without `grpcPort`. */
  readonly grpcUrl: string | undefined;
  /** The names of its models. */
  readonly models: readonly string[];
  /**
   * Answers the requests that were taken, refuses others, and frees the models; further calls wait for the same.
   *
   * @returns how many requests were cancelled because the time of `grace` was over
   */
  close(): Promise<number>;
}

/**
 * Serves models by the Open Inference Protocol v2 over HTTP, and with `grpcPort` over gRPC, so that Triton's and KServe's clients, `loadModel` on other
 * machines and any proxy can use them. Resolves when all models are loaded and warm. Needs the package `fastify`, and
 * `prom-client` for metrics, `@grpc/grpc-js` and `protobufjs` for gRPC.
 *
 * The server is reached from this machine only unless `host` says otherwise; then give it a `token`.
 *
 * @throws PaddleLabError INVALID_ARGUMENT (also if the port is taken), UNKNOWN_OPTION, TOOL_FAILED (a package is missing),
 * ABORTED, and those of `loadModel`
 *
 * @example
 * import { serve } from 'paddlelab';
 *
 * const server = await serve({ shapes: 'models/shapes_det_picodet' }, { port: 0 });
 * const remote = await loadModel(`${server.url}/v2/models/shapes`);
 * console.log(remote.session.inputs.map(({ name }) => name)); // [ 'image', 'scale_factor' ]
 * await remote.dispose();
 * await server.close();
 */
export async function serve(models: ServedModels, options: ServeOptions = {}): Promise<ModelServer> {
  const settings = readServeOptions(options);
  const { host, port, grpcPort, signal, grace } = settings;
  throwIfAborted(signal);
  const load = signal === undefined ? settings.load : { ...settings.load, signal };
  const service = new ModelService(modelSources(models, load), settings);
  const memory = new MemoryBudget(settings.maxMemory);
  const pool = new BufferPool();
  const regions = settings.sharedMemory ? new SharedRegions(settings.maxBody, memory, pool) : undefined;
  const metrics = collectMetrics(service, regions);
  const tls = await readTls(settings.tls);
  const shared = { metrics, tls, memory, pool, regions };
  const app = createRest(service, settings, shared);
  const grpc = grpcPort === undefined ? undefined : createGrpc(service, settings, { ...shared, log: app.log });
  const end = async (): Promise<number> => {
    const cancelled = await service.drain(grace);
    if (cancelled > 0) app.server.closeAllConnections();
    else await connectionsClosed(app.server, Math.min(lingerMs, grace));
    await Promise.all([app.close(), grpc?.close(cancelled > 0)]);
    await service.close();
    return cancelled;
  };
  let ended: Promise<number> | undefined;
  const close = (): Promise<number> => {
    ended ??= end();
    return ended;
  };
  let grpcUrl: string | undefined;
  try {
    // Health and readiness are answered while models are loaded.
    await app.listen({ host, port }).catch((error: unknown) => {
      throw listenError(error, host, port);
    });
    if (grpc !== undefined && grpcPort !== undefined) {
      grpcUrl = await grpc.listen(host, grpcPort).then(
        (address) => urlOf(tls === undefined ? 'grpc' : 'grpcs', address),
        (error: unknown) => {
          throw listenError(error, host, grpcPort);
        },
      );
    }
    await service.loadAll();
  } catch (error) {
    await close();
    throw error;
  }
  const url = urlOf(tls === undefined ? 'http' : 'https', app.server.address() as AddressInfo);
  return { url, grpcUrl, models: service.names, close, [Symbol.asyncDispose]: async () => void (await close()) };
}

/** How long connections that were kept open may still send a request, which is refused with a status. */
const lingerMs = 1000;
const lookMs = 20;

/** Clients close their connections after the next answer; one that is closed here may be cut in the middle of a request. */
async function connectionsClosed(server: Server, longest: number): Promise<void> {
  const end = performance.now() + longest;
  const count = promisify(server.getConnections.bind(server));
  while ((await count()) > 0 && performance.now() < end) await setTimeout(lookMs);
}

/** An address of all interfaces is no URL of this machine. */
function urlOf(scheme: string, { address, family, port }: AddressInfo): string {
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : address;
  return `${scheme}://${family === 'IPv6' && host !== 'localhost' ? `[${host}]` : host}:${port}`;
}

/** The text of a failed start. */
function listenError(error: unknown, host: string, port: number): PaddleLabError {
  const { code } = error as NodeJS.ErrnoException;
  const where = `${host}:${port}`;
  const advice =
    code === 'EADDRINUSE'
      ? 'another program listens there; choose another port, or 0 for a free one'
      : code === 'EACCES'
        ? 'this user may not listen there; choose a port from 1024 on'
        : messageOf(error);
  return new PaddleLabError('INVALID_ARGUMENT', `Can't listen on ${where}: ${advice}`, { cause: error });
}
