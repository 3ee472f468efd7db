import { PaddleLabError } from '../../errors';
import { bytesOfElements, jsonOfElements, type WireTensor } from '../../open-inference/tensor-elements';
import type { InferResult } from '../service/model-service';
import type { RestCall } from './infer-request';

/** An answer as it is sent. */
export interface RestAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** @throws PaddleLabError INVALID_ARGUMENT if JSON can't carry an output */
export function inferAnswer(
  { id, asBytes, slices }: RestCall,
  { modelName, modelVersion, outputs }: InferResult,
): RestAnswer {
  const parts: Uint8Array[] = [];
  const described = outputs.map((output) => {
    if (slices.has(output.name)) return `${headOf(output)}}`;
    if (!asBytes(output.name)) return withData(output);
    const bytes = bytesOfElements(output.datatype, output.elements);
    parts.push(bytes);
    return `${headOf(output)},"parameters":{"binary_data_size":${bytes.byteLength}}}`;
  });
  const { length, ...head } = { model_name: modelName, model_version: modelVersion, id, length: parts.length };
  const text = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"outputs":[${described.join(',')}]}`, 'utf8');
  if (length === 0) return { headers: { 'content-type': 'application/json' }, body: text };
  const headers = {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(text.length),
  };
  return { headers, body: Buffer.concat([text, ...parts]) };
}

/** The JSON object of a tensor without its last brace. */
function headOf({ name, datatype, shape }: WireTensor): string {
  return JSON.stringify({ name, datatype, shape }).slice(0, -1);
}

function withData(output: WireTensor): string {
  const { name, datatype, elements } = output;
  const data = jsonOfElements(datatype, elements, true);
  if (data !== undefined) return `${headOf(output)},"data":${data}}`;
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `Output "${name}" of ${datatype} has values that JSON can't carry; ask for its bytes: "parameters": { "binary_data": true }`,
  );
}
