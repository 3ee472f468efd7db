import { readMessageTensors } from '../../open-inference/grpc/message-tensors';
import type {
  InferRequestMessage,
  InferResponseMessage,
  InferTensor,
  MessageParameters,
} from '../../open-inference/grpc/messages';
import { plainParameters } from '../../open-inference/grpc/parameters';
import { type RegionSlice, readSlice } from '../../open-inference/shared-memory';
import { bytesOfElements } from '../../open-inference/tensor-elements';
import type { InferResult } from '../service/model-service';
import { wrongRequest } from '../service/refusals';
import type { ArrivedCall, ArrivedInput } from '../shared-memory/infer-call';

/** Networks have few inputs and outputs. */
const mostTensors = 1000;
const noBytes = Buffer.alloc(0);

/** @throws PaddleLabError INVALID_ARGUMENT */
export function readInferMessage({ inputs, outputs, rawInputContents }: InferRequestMessage): ArrivedCall {
  checkNumber('inputs', inputs.length);
  checkNumber('outputs', outputs.length);
  for (const { name, parameters } of [...inputs, ...outputs]) {
    if (parameters?.classification === undefined) continue;
    throw wrongRequest(`no classification for ${JSON.stringify(name.slice(0, 100))}`, 'one');
  }
  const places = inputs.map(({ name, parameters }) => sliceOf(`input "${name.slice(0, 100)}"`, parameters));
  return {
    inputs: withBytes(inputs, places, rawInputContents),
    outputs: outputs.map(({ name }) => name),
    slices: new Map(
      outputs.flatMap(({ name, parameters }): [string, RegionSlice][] => {
        const slice = sliceOf(`output "${name.slice(0, 100)}"`, parameters);
        return slice === undefined ? [] : [[name, slice]];
      }),
    ),
  };
}

function sliceOf(what: string, parameters: MessageParameters | undefined): RegionSlice | undefined {
  return readSlice(what, plainParameters(parameters), wrongRequest);
}

/** Raw contents are those of the inputs that are not in shared memory. */
function withBytes(
  inputs: readonly InferTensor[],
  places: readonly (RegionSlice | undefined)[],
  raw: readonly Buffer[],
): ArrivedInput[] {
  const own = inputs.filter((_, i) => places[i] === undefined);
  const arrived = readMessageTensors('inputs', own, raw, wrongRequest).values();
  return inputs.map((input, i) => {
    const slice = places[i];
    if (slice === undefined) return arrived.next().value!;
    if (input.contents !== undefined && input.contents !== null) {
      throw wrongRequest(`either a region or contents for input "${input.name.slice(0, 100)}"`, 'both');
    }
    const [tensor] = readMessageTensors('inputs', [input], [noBytes], wrongRequest);
    return { ...tensor!, content: slice.size, slice };
  });
}

function checkNumber(what: string, found: number): void {
  if (found > mostTensors) throw wrongRequest(`at most ${mostTensors} ${what}`, String(found));
}

/** Outputs that are in shared memory have empty contents. */
export function inferMessage(
  id: string,
  { slices }: ArrivedCall,
  { modelName, modelVersion, outputs }: InferResult,
): InferResponseMessage {
  return {
    ...{ modelName, modelVersion, id },
    outputs: outputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
    rawOutputContents: outputs.map(({ name, datatype, elements }) =>
      slices.has(name) ? noBytes : (bytesOfElements(datatype, elements) as Buffer),
    ),
  };
}
