import type { FastifyInstance } from 'fastify';
import { objectIn, shownJson } from '../../open-inference/described-tensor';
import { parseExactly } from '../../open-inference/json-elements';
import { isCount } from '../../open-inference/shared-memory';
import { wrongRequest } from '../service/refusals';
import { offered } from '../shared-memory/infer-call';
import type { Region } from '../shared-memory/regions';
import type { RestParts } from './rest-parts';

interface RegionPath {
  readonly Params: { readonly name?: string };
}

const prefix = '/v2/systemsharedmemory';
const regionPrefix = `${prefix}/region/:name`;
/** A registration is short. */
const longestBody = 65_536;

/** The system shared memory extension: which regions there are, registering and unregistering them. */
export function addRegions(app: FastifyInstance, { regions, budget }: RestParts): void {
  for (const path of [prefix, regionPrefix]) {
    app.get<RegionPath>(`${path}/status`, async ({ params }) => offered(regions).status(params.name).map(regionJson));
    app.post<RegionPath>(`${path}/unregister`, async ({ params, raw }, reply) => {
      raw.resume();
      offered(regions).unregister(params.name);
      return reply.send({});
    });
  }
  app.post<RegionPath>(`${regionPrefix}/register`, async ({ params, raw }, reply) => {
    const { body, free } = await budget.read(raw);
    free();
    offered(regions).register(readRegion(params.name ?? '', body));
    return reply.send({});
  });
}

function regionJson({ name, key, offset, byteSize }: Region): object {
  return { name, key, offset, byte_size: byteSize };
}

/** @throws PaddleLabError INVALID_ARGUMENT */
function readRegion(name: string, body: Buffer): Region {
  const { key, offset = 0, byte_size: byteSize } = objectIn('the request', parse(body), wrongRequest);
  if (typeof key !== 'string') throw wrongRequest('a text for key', shownJson(key));
  if (!isCount(offset)) throw wrongRequest('an integer ≥ 0 for offset', shownJson(offset));
  if (!isCount(byteSize)) throw wrongRequest('an integer ≥ 0 for byte_size', shownJson(byteSize));
  return { name, key, offset, byteSize };
}

function parse(body: Buffer): unknown {
  if (body.length > longestBody) throw wrongRequest(`at most ${longestBody} bytes of JSON`, String(body.length));
  try {
    return parseExactly(body.toString('utf8'));
  } catch {
    throw wrongRequest('JSON', body.length === 0 ? 'no body' : JSON.stringify(body.toString('utf8').slice(0, 80)));
  }
}
