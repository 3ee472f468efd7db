import { type Agreement, mergeAgreements } from '../agreement/agreements';
import type { TensorInput } from '../inference/tensor';
import { readOutputs } from '../model-io/model-io';
import type { PredictResult } from '../results';
import type { ModelSpec } from '../spec/spec';
import { taskOf } from '../tasks/tasks';
import type { Feed } from './measuring-protocol';

const noInputs: Readonly<Record<string, TensorInput>> = {};

/** Interprets a backend's outputs for one image; the result has them as `raw`. */
export async function readBackendOutputs(
  spec: ModelSpec,
  outputs: Feed,
  image: { readonly width: number; readonly height: number },
  threshold: number | undefined,
): Promise<PredictResult> {
  const tensors = outputs.map((output) => ({ ...output, lod: [] }));
  const raw = { inputs: noInputs, outputs: tensors };
  return readOutputs(spec, spec.task, tensors, { image, threshold, raw });
}

/**
 * The agreement of two backends' results for the same images, defined by the task; undefined if they can't be compared.
 */
export function agreementOf(
  baseline: readonly PredictResult[],
  found: readonly PredictResult[],
): Agreement | undefined {
  const parts = baseline.map((expected, i) => agreementOfOne(expected, found[i]));
  const [first, ...others] = parts;
  return others.reduce((sum, part) => (sum && part ? mergeAgreements(sum, part) : undefined), first);
}

function agreementOfOne(baseline: PredictResult, found: PredictResult | undefined): Agreement | undefined {
  return baseline.kind === found?.kind ? taskOf(baseline).compare(baseline, found) : undefined;
}
