import type { ReceivedTensor } from '../../open-inference/described-tensor';
import type { RegionSlice } from '../../open-inference/shared-memory';
import { bytesOfElements, decodeElements, type WireTensor } from '../../open-inference/tensor-elements';
import type { CallOptions, InferResult, ModelService } from '../service/model-service';
import { wrongRequest } from '../service/refusals';
import type { SharedRegions } from './regions';

/** An input as it arrived: with its bytes or elements, or in shared memory. */
export interface ArrivedInput extends ReceivedTensor {
  readonly slice?: RegionSlice;
}

/** A request of any transport, whose tensors may be in shared memory. */
export interface ArrivedCall {
  readonly inputs: readonly ArrivedInput[];
  /** Names of the wanted outputs, in their order; all of them if absent or empty. */
  readonly outputs: readonly string[] | undefined;
  /** Where outputs are written to, by their names; others are in the answer. */
  readonly slices: ReadonlyMap<string, RegionSlice>;
}

export interface InferOptions extends CallOptions {
  /** Calls back when the answer was sent or the client is gone. */
  readonly onEnd: (callback: () => void) => void;
}

/**
 * Runs tensors that came with a request or are in shared memory, and writes outputs there that are wanted there.
 *
 * @throws PaddleLabError, see `ModelService`
 */
export async function inferCall(
  { service, regions }: { readonly service: ModelService; readonly regions: SharedRegions | undefined },
  name: string,
  version: string | undefined,
  { inputs, outputs, slices }: ArrivedCall,
  { onEnd, ...options }: InferOptions,
): Promise<InferResult> {
  const shared = inputs.flatMap(({ slice }) => slice ?? []);
  if (shared.length === 0 && slices.size === 0) {
    return service.infer(name, version, { inputs: inputs.map((one) => decode(one, one.bytes)), outputs }, options);
  }
  const known = offered(regions);
  for (const slice of slices.values()) known.check(slice);
  const lent = await known.read(shared);
  let isAnswered = false;
  // Not earlier: outputs may be views of inputs, and a run that was cancelled may still read them.
  onEnd(() => lent.end(isAnswered));
  const parts = lent.parts.values();
  const tensors = inputs.map((one) => decode(one, one.slice === undefined ? one.bytes : parts.next().value!));
  const result = await service.infer(name, version, { inputs: tensors, outputs }, options);
  for (const { name: output, datatype, elements } of result.outputs) {
    const slice = slices.get(output);
    if (slice !== undefined) await known.write(slice, bytesOfElements(datatype, elements));
  }
  isAnswered = true;
  return result;
}

/** @throws PaddleLabError INVALID_ARGUMENT if this server takes no shared memory */
export function offered(regions: SharedRegions | undefined): SharedRegions {
  if (regions !== undefined) return regions;
  throw wrongRequest('no shared memory, which this server is started without (--shared-memory),', 'a region of it');
}

function decode(input: ArrivedInput, bytes: Buffer): WireTensor {
  const { name, datatype, shape } = input;
  const place = `input ${JSON.stringify(name.slice(0, 100))}`;
  // A view where that is possible: the bytes are kept until the run is over.
  return { name, datatype, shape, elements: decodeElements(place, input, bytes, wrongRequest, true) };
}
