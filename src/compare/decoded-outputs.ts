import type { Tensor } from '../inference/tensor';
import type {
  Classification,
  Detection,
  InstanceDetection,
  Person,
  PredictResult,
  SemanticSegmentationResult,
} from '../results';
import type { ModelSpec } from '../spec/spec';
import { readOutputs } from '../stages/stages';
import type { Feed } from './measuring-protocol';

/** What a backend found in one image. */
export type DecodedOutputs =
  | { readonly kind: 'objects'; readonly detections: readonly (Detection | InstanceDetection)[] }
  | { readonly kind: 'pixels'; readonly result: Pick<SemanticSegmentationResult, 'image' | 'segments'> }
  | { readonly kind: 'classes'; readonly classes: readonly Classification[] }
  | { readonly kind: 'joints'; readonly people: readonly Person[] }
  | { readonly kind: 'tensors'; readonly outputs: Feed };

/** What the outputs of a network stand for. */
export async function decodeOutputs(
  spec: ModelSpec,
  outputs: Feed,
  image: { readonly width: number; readonly height: number },
  threshold: number | undefined,
): Promise<DecodedOutputs> {
  const tensors = outputs.map((output): Tensor => ({ ...output, lod: [] }));
  return findingsOf(await readOutputs(spec, spec.task, tensors, { image, threshold }), outputs);
}

function findingsOf(result: PredictResult, outputs: Feed): DecodedOutputs {
  switch (result.kind) {
    case 'semantic-segmentation':
      return { kind: 'pixels', result: { image: result.image, segments: result.segments } };
    case 'classification':
      return { kind: 'classes', classes: result.classes };
    case 'keypoints':
      return { kind: 'joints', people: result.people };
    case 'tensors':
    // What a task of the user's found is not known to be comparable; its tensors are.
    case 'custom':
      return { kind: 'tensors', outputs };
    case 'detection':
    case 'rotated-detection':
    case 'instance-segmentation':
      return { kind: 'objects', detections: result.detections };
  }
}
