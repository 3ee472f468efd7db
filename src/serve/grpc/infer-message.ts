import { readMessageTensors } from '../../open-inference/grpc/message-tensors';
import type { InferRequestMessage, InferResponseMessage } from '../../open-inference/grpc/messages';
import { bytesOfElements, decodeElements, type WireTensor } from '../../open-inference/tensor-elements';
import type { InferCall, InferResult } from '../service/model-service';
import { wrongRequest } from '../service/refusals';

/** Networks have few inputs and outputs. */
const mostTensors = 1000;

/** @throws PaddleLabError INVALID_ARGUMENT */
export function readInferMessage({ inputs, outputs, rawInputContents }: InferRequestMessage): InferCall {
  checkNumber('inputs', inputs.length);
  checkNumber('outputs', outputs.length);
  for (const tensor of [...inputs, ...outputs]) {
    const { shared_memory_region: region, classification } = tensor.parameters ?? {};
    const what = JSON.stringify(tensor.name.slice(0, 100));
    if (region !== undefined) throw wrongRequest(`the elements of ${what} in the message`, 'a region of shared memory');
    if (classification !== undefined) throw wrongRequest(`no classification for ${what}`, 'one');
  }
  return {
    inputs: readMessageTensors('inputs', inputs, rawInputContents, wrongRequest).map(
      ({ bytes, ...tensor }): WireTensor => {
        const { name, datatype, shape } = tensor;
        const place = `input ${JSON.stringify(name.slice(0, 100))}`;
        // A view of the message where that is possible: it is kept until the run is over.
        return { name, datatype, shape, elements: decodeElements(place, tensor, bytes, wrongRequest, true) };
      },
    ),
    outputs: outputs.map(({ name }) => name),
  };
}

function checkNumber(what: string, found: number): void {
  if (found > mostTensors) throw wrongRequest(`at most ${mostTensors} ${what}`, String(found));
}

export function inferMessage(id: string, { modelName, modelVersion, outputs }: InferResult): InferResponseMessage {
  return {
    ...{ modelName, modelVersion, id },
    outputs: outputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
    rawOutputContents: outputs.map(({ datatype, elements }) => bytesOfElements(datatype, elements) as Buffer),
  };
}
