import type { FastifyInstance } from 'fastify';
import type { ModelPath } from './infer-routes';
import type { RestParts } from './rest-parts';

/** The model repository extension: which models there are, loading and unloading them. */
export function addRepository(app: FastifyInstance, { service, budget }: RestParts): void {
  app.post('/v2/repository/index', async (request) => {
    const { body, free } = await budget.read(request.raw);
    free();
    const readyOnly = isReadyOnly(body);
    return service.index().filter(({ state }) => !readyOnly || state === 'READY');
  });
  app.post<ModelPath>('/v2/repository/models/:name/load', async ({ params, raw }, reply) => {
    raw.resume();
    await service.load(params.name);
    return reply.send({});
  });
  app.post<ModelPath>('/v2/repository/models/:name/unload', async ({ params, raw }, reply) => {
    raw.resume();
    await service.unload(params.name);
    return reply.send({});
  });
}

function isReadyOnly(body: Buffer): boolean {
  try {
    return (JSON.parse(body.toString('utf8')) as { ready?: unknown } | null)?.ready === true;
  } catch {
    return false;
  }
}
