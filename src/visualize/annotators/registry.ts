import type { AnyDetectionResult, SemanticSegmentationResult } from '../../results';
import type { Annotator } from './annotator';
import { drawBoxes } from './box';
import { drawLabels } from './label';
import { drawMasks } from './mask';

/** Every annotator by the name that `visualize` takes; a new one is its file and its line here. */
export const annotators = {
  mask: drawMasks,
  box: drawBoxes,
  label: drawLabels,
} satisfies Record<string, Annotator>;

export type AnnotatorName = keyof typeof annotators;

/** The results that there are pictures of. */
export type DrawableResult = AnyDetectionResult | SemanticSegmentationResult;

/** What is drawn of each kind of result when nothing else is asked for. */
export const defaultAnnotators: { readonly [Kind in DrawableResult['kind']]: readonly AnnotatorName[] } = {
  detection: ['box', 'label'],
  'rotated-detection': ['box', 'label'],
  'instance-segmentation': ['mask', 'box', 'label'],
  'semantic-segmentation': ['mask'],
};
