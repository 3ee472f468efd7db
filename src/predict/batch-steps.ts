import type { ImageSize, PreprocessStep } from '../spec/preprocess-step';
import type { ModelSpec } from '../spec/spec';

/** The specification for a batch of images: some preprocessing depends on all of them. */
export function specForBatch(spec: ModelSpec, images: readonly ImageSize[]): ModelSpec {
  if (images.length <= 1 || !spec.preprocess.some(dependsOnBatch)) return spec;
  const preprocess = spec.preprocess.map((step) => (dependsOnBatch(step) ? (step.forBatch?.(images) ?? step) : step));
  return { ...spec, preprocess };
}

function dependsOnBatch(step: PreprocessStep): step is Extract<PreprocessStep, { apply: unknown }> {
  return 'forBatch' in step && step.forBatch !== undefined;
}
