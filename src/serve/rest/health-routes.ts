import type { FastifyInstance } from 'fastify';
import type { RestParts } from './rest-parts';

/** The routes for metadata, health and metrics. */
export function addHealth(app: FastifyInstance, { service, metrics }: RestParts): void {
  app.get('/v2', async () => service.serverMetadata());
  app.get('/v2/health/live', async () => ({ live: true }));
  app.get('/v2/health/ready', async (_request, reply) =>
    reply.code(service.ready ? 200 : 503).send({ ready: service.ready }),
  );
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
