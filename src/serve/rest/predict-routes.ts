import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { visualize } from '../../visualize/visualize';
import { wrongRequest } from '../service/refusals';
import type { PredictedImage } from '../service/served-model';
import { type ModelPath, modelPaths } from './infer-routes';
import { readPredictRequest, wantedForm } from './predict-request';
import type { RestParts } from './rest-parts';
import { takeRequest } from './taken-request';

/** Images in, results out: as JSON, or drawn. */
export function addPredict(app: FastifyInstance, parts: RestParts): void {
  for (const path of modelPaths) {
    app.post<ModelPath>(`${path}/predict`, (request, reply) => predict(parts, request, reply));
  }
}

async function predict(
  { service, budget }: RestParts,
  request: FastifyRequest<ModelPath>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { name, version } = request.params;
  const { body, signal, admission } = await takeRequest(service, budget, request, reply);
  const call = await readPredictRequest(request.headers['content-type'] ?? '', body, request.query);
  const form = wantedForm(request.headers.accept);
  if (form !== 'json' && call.images.length > 1)
    throw wrongRequest('one image for a picture', String(call.images.length));
  const { threshold } = call;
  const predicted: PredictedImage[] = [];
  // One after the other: a request has no more of the queue than any other.
  for (const image of call.images) {
    predicted.push(await service.predict(name, version, { image, threshold }, { signal, admission }));
  }
  const [first] = predicted as [PredictedImage];
  if (form === 'json') {
    const results = predicted.map(({ result }) => result);
    return reply.type('application/json').send(JSON.stringify(call.many ? results : first.result));
  }
  const picture = await visualize(first.pixels, first.result);
  return reply.type(`image/${form}`).send(await picture.toBuffer(form));
}
