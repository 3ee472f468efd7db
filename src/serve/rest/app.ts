import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PaddleLabError } from '../../errors';
import { loadOptional } from '../../optional-package';
import type { ServeMetrics } from '../metrics';
import type { ServeSettings } from '../options';
import type { ModelService } from '../service/model-service';
import type { SharedParts } from '../shared-parts';
import type { ServeTls } from '../tls';
import { tokenCheck } from '../token';
import { browserCheck } from './browser-requests';
import { addHealth } from './health-routes';
import { addInfer } from './infer-routes';
import { addPredict } from './predict-routes';
import { BodyBudget } from './read-body';
import { largestHeaders, refuseConnection } from './refuse-connection';
import { addRegions } from './region-routes';
import { addRepository } from './repository-routes';
import { errorAnswer } from './status';

const headersTimeoutMs = 10_000;
/** How often connections are looked at that are too slow. */
const checkMs = 1000;
/** Longer than the usual 60 s of proxies, so that they close idle connections, not this server. */
const keepAliveMs = 75_000;
const mostHeaders = 200;

/** The server of HTTP; it does not listen yet. @throws PaddleLabError TOOL_FAILED if Fastify is not installed */
export function createRest(
  service: ModelService,
  settings: ServeSettings,
  { metrics, memory, pool, regions, tls }: SharedParts,
): FastifyInstance {
  const { fastify, LogController } = loadOptional<typeof import('fastify')>('fastify', 'to serve models over HTTP');
  const { receiveTimeout, maxBody, log } = settings;
  const http = {
    headersTimeout: Math.min(headersTimeoutMs, receiveTimeout),
    connectionsCheckingInterval: Math.min(checkMs, receiveTimeout),
    maxHeaderSize: largestHeaders,
    // Node's own refusals have no text.
    requireHostHeader: false,
  };
  const app = fastify({
    bodyLimit: maxBody,
    routerOptions: { maxParamLength: 200 },
    logController: new LogController({ disableRequestLogging: true }),
    logger:
      log === 'silent' ? false : { level: log, stream: { write: (line: string) => void process.stderr.write(line) } },
    forceCloseConnections: 'idle',
    keepAliveTimeout: keepAliveMs,
    requestTimeout: receiveTimeout,
    ...(tls === undefined ? { http } : { https: { ...http, ...encryption(tls) } as typeof http }),
    clientErrorHandler: refuseConnection,
  });
  app.server.maxConnections = settings.maxConnections;
  app.server.maxHeadersCount = mostHeaders;
  app.server.on('checkExpectation', (_request, response: ServerResponse) => {
    const text = JSON.stringify({ error: 'Expected "100-continue" for Expect', code: 'INVALID_ARGUMENT' });
    response.writeHead(417, { 'content-type': 'application/json', connection: 'close' }).end(text);
  });
  // Bodies are read by the routes, within their limits.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler((error, request, reply) => {
    const { status, body, headers } = errorAnswer(error);
    if (status === 500) request.log.error({ err: error }, 'failed');
    return reply.code(status).headers(headers).send(body);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = JSON.stringify(pathOf(request));
    void reply.code(404).send({ error: `This server has no ${request.method} ${path}`, code: 'INVALID_ARGUMENT' });
  });
  addChecks(app, settings, metrics);
  app.addHook('onSend', async (_request, reply) => {
    if (service.ending) reply.header('connection', 'close');
  });
  const parts = { service, metrics, budget: new BodyBudget(maxBody, memory, pool), regions };
  addHealth(app, parts);
  addInfer(app, parts);
  addPredict(app, parts);
  addRepository(app, parts);
  addRegions(app, parts);
  service.observers.push({
    noted: ({ level, model, text }) => app.log[level](model === undefined ? {} : { model }, text),
  });
  return app;
}

function encryption({ cert, key, ca }: ServeTls): object {
  return { cert, key, ...(ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }) };
}

function addChecks(app: FastifyInstance, settings: ServeSettings, metrics: ServeMetrics): void {
  const allows = tokenCheck(settings.token);
  const checkBrowser = browserCheck(settings);
  app.addHook('onRequest', async (request) => {
    if (request.raw.rawHeaders.length >= 2 * mostHeaders) {
      throw new PaddleLabError('INVALID_ARGUMENT', `Expected fewer than ${mostHeaders} headers`);
    }
    if (isHealth(request)) return;
    try {
      checkBrowser(request.raw);
      if (allows(request.headers.authorization)) return;
      throw new PaddleLabError('LOGIN_FAILED', 'This server wants its token: Authorization: Bearer TOKEN');
    } catch (error) {
      metrics.refused('LOGIN_FAILED');
      throw error;
    }
  });
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode, elapsedTime } = reply;
    const line = {
      method: request.method,
      path: pathOf(request),
      status: statusCode,
      ms: Math.round(elapsedTime * 100) / 100,
    };
    request.log.info(line, 'request');
  });
}

function isHealth({ url }: FastifyRequest): boolean {
  return url === '/v2/health/live' || url === '/v2/health/ready';
}

/** Without the query, which may hold secrets. */
function pathOf({ url }: FastifyRequest): string {
  return (url.split('?')[0] ?? '').slice(0, 200);
}
