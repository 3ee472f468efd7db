import { PaddleLabError } from '../errors';
import type { Tensor } from '../inference/tensor';

/**
 * Refuses the content of a result if any of its numbers is not finite: it would be meaningless, and `null` in JSON.
 * Typed arrays are skipped.
 *
 * @throws PaddleLabError OUTPUT_INVALID
 */
export function refuseNonFinite(content: object, outputs: readonly Tensor[]): void {
  const found = nonFiniteAt(content, '');
  if (found !== undefined) throw outputInvalid(`${found.path} is ${found.value}`, outputs);
}

/** The error for meaningless outputs: the observation, and the outputs that are not finite. */
export function outputInvalid(seen: string, outputs: readonly Tensor[]): PaddleLabError {
  const counts = outputs.flatMap((output, i) => {
    const count = countNonFinite(output);
    return count === 0
      ? []
      : [`${count} of the ${output.data.length} values of output ${i} "${output.name}" are not finite`];
  });
  const which = counts.length === 0 ? 'all outputs are finite' : counts.join(', ');
  return new PaddleLabError(
    'OUTPUT_INVALID',
    `Expected meaningful outputs but ${seen} (${which}); try precision: "fp32" or engine: "plain", check the model's ` +
      'inputs, or read the raw tensors (predict with raw: true, or task: "tensors")',
  );
}

function countNonFinite({ data }: Tensor): number {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return 0;
  let count = 0;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) count++;
  return count;
}

function nonFiniteAt(value: unknown, path: string): { path: string; value: number } | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { path, value };
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const inner = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    const found = nonFiniteAt(part, inner);
    if (found !== undefined) return found;
  }
  return undefined;
}
