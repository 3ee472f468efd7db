import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { inferCall } from '../shared-memory/infer-call';
import { inferAnswer } from './infer-answer';
import { readHeadLength, readInferRequest } from './infer-request';
import type { RestParts } from './rest-parts';
import { takeRequest } from './taken-request';

/** The parameters of a path below a model. */
export interface ModelPath {
  readonly Params: { readonly name: string; readonly version?: string };
}

/** Paths of a model, and of a version of it. */
export const modelPaths = ['/v2/models/:name', '/v2/models/:name/versions/:version'] as const;

/** Metadata, readiness and runs of models. */
export function addInfer(app: FastifyInstance, parts: RestParts): void {
  const { service } = parts;
  for (const path of modelPaths) {
    app.get<ModelPath>(path, async ({ params }) => service.modelMetadata(params.name, params.version));
    app.get<ModelPath>(`${path}/ready`, async ({ params: { name, version } }, reply) => {
      const ready = service.modelReady(name, version);
      return reply.code(ready ? 200 : 503).send({ name, ready });
    });
    app.post<ModelPath>(`${path}/infer`, (request, reply) => infer(parts, request, reply));
  }
}

async function infer(
  { service, budget, regions }: RestParts,
  request: FastifyRequest<ModelPath>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { name, version } = request.params;
  const headLength = readHeadLength(request.headers['inference-header-content-length']);
  const { body, ...options } = await takeRequest(service, budget, request, reply, headLength);
  const call = readInferRequest(body, headLength);
  const result = await inferCall({ service, regions }, name, version, call, options);
  const answer = inferAnswer(call, result);
  return reply.headers(answer.headers).send(answer.body);
}
