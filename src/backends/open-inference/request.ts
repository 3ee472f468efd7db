import type { EncodedInput } from './encode';

/** A request to run a model, as it is sent. */
export interface InferRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly Uint8Array[];
}

/** The tensors as bytes behind a JSON object that describes them. */
export function binaryRequest(inputs: readonly EncodedInput[], outputs: readonly string[]): InferRequest {
  const tensors = inputs.map(({ bytes }) => bytes());
  const described = inputs.map(({ name, datatype, shape }, i) => {
    return { name, datatype, shape, parameters: { binary_data_size: tensors[i]!.byteLength } };
  });
  const wanted =
    outputs.length === 0
      ? { parameters: { binary_data_output: true } }
      : { outputs: outputs.map((name) => ({ name, parameters: { binary_data: true } })) };
  const head = Buffer.from(JSON.stringify({ inputs: described, ...wanted }), 'utf8');
  return {
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(head.length),
    },
    body: [head, ...tensors],
  };
}

/** All in JSON. */
export function jsonRequest(inputs: readonly EncodedInput[], outputs: readonly string[]): InferRequest {
  const described = inputs.map(({ name, datatype, shape, json }) => {
    const head = JSON.stringify({ name, datatype, shape });
    return `${head.slice(0, -1)},"data":${json()}}`;
  });
  const wanted = outputs.length === 0 ? '' : `,"outputs":${JSON.stringify(outputs.map((name) => ({ name })))}`;
  const text = `{"inputs":[${described.join(',')}]${wanted}}`;
  return { headers: { 'content-type': 'application/json' }, body: [Buffer.from(text, 'utf8')] };
}
