import type { TensorData } from '../../inference/data-type';
import type { RunInputs } from '../../inference/feeds';
import type { Tensor, TensorInput } from '../../inference/tensor';
import { inExportOrder } from '../../model-io/export-order';
import { splitOutputs } from '../../predict/batch';
import type { ModelSpec } from '../../spec/spec';
import { taskOfModel } from '../../tasks/tasks';
import type { ServedPort } from './ports';

/** Whether the declared shapes let several requests share a run. */
export function leavesBatchFree(spec: ModelSpec, inputs: readonly ServedPort[]): boolean {
  const oneByOne = spec.task !== 'tensors' && spec.task !== 'custom' && spec.conventions.batches === 'one image';
  return (
    !oneByOne && inputs.length > 0 && inputs.every(({ shape, datatype }) => shape[0] === -1 && datatype !== 'BYTES')
  );
}

/**
 * What requests must have in common to share a run; undefined for those that run alone, because they are batches
 * themselves.
 */
export function batchKey(inputs: RunInputs): string | undefined {
  const tensors = Object.values(inputs) as TensorInput[];
  if (tensors.some(({ shape }) => shape[0] !== 1)) return undefined;
  return tensors.map(({ shape }) => shape.join('x')).join(';');
}

/** The inputs of several requests as those of one run. */
export function stack(requests: readonly RunInputs[]): RunInputs {
  const [first = {}] = requests;
  return Object.fromEntries(
    Object.entries(first as Readonly<Record<string, TensorInput>>).map(([name, tensor]) => {
      const parts = requests.map((inputs) => (inputs[name] as TensorInput).data);
      return [name, { ...tensor, shape: [parts.length, ...tensor.shape.slice(1)], data: joined(parts) }];
    }),
  );
}

function joined(parts: readonly TensorData[]): TensorData {
  const [first] = parts as [TensorData];
  const length = first.length;
  const data = new (first.constructor as new (length: number) => TensorData)(length * parts.length);
  parts.forEach((part, i) => {
    (data as Float32Array).set(part as Float32Array, i * length);
  });
  return data;
}

/**
 * The outputs of each request, in the session's order. `undefined` is a request whose rows can't be determined, such as one
 * without objects, for which a run of its own returns a row of −1.
 */
export function split(spec: ModelSpec, outputs: readonly Tensor[], requests: number): (Tensor[] | undefined)[] {
  let parts: Tensor[][];
  try {
    parts = splitOutputs(spec, inExportOrder(spec, outputs), requests);
  } catch {
    return Array.from({ length: requests }, () => undefined);
  }
  const countsRows = taskOfModel(spec).boxRows;
  return parts.map((part) => {
    if (countsRows && part[0]?.shape[0] === 0) return undefined;
    return outputs.map(({ name }) => part.find((tensor) => tensor.name === name) as Tensor);
  });
}
