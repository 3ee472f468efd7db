import type { ModelFamily } from '../spec/spec';
import { checkOneOf, checkOptions, checkString, invalidArgument, nearest } from '../validate';
import type { YamlNode } from '../yaml/yaml-file';
import { cropImage } from './classification/crop-image';
import { decodeImage } from './classification/decode-image';
import { normalizeImage as normalizeForClassification } from './classification/normalize-image';
import { resizeImage } from './classification/resize-image';
import { toChwImage } from './classification/to-chw-image';
import { normalize as normalize1 } from './detection-1/normalize';
import { padStride as padStride1 } from './detection-1/pad-stride';
import { permute as permute1 } from './detection-1/permute';
import { resize as resize1 } from './detection-1/resize';
import { evalAffine, topDownEvalAffine, warpAffine, warpWithDefault } from './detection-2/affine';
import { cuLaneResize } from './detection-2/cu-lane-resize';
import { letterBoxResize } from './detection-2/letter-box-resize';
import { normalizeImage, normalizeNamed } from './detection-2/normalize-image';
import { pad } from './detection-2/pad';
import { padStride, padStrideNamed } from './detection-2/pad-stride';
import { permute } from './detection-2/permute';
import { resize, resizeNamed } from './detection-2/resize';
import { resizeMult32 } from './detection-2/resize-mult32';
import { clsResizeImg } from './ocr/cls-resize-img';
import { decodeImage as decodeImageOfOcr } from './ocr/decode-image';
import { detResizeForTest } from './ocr/det-resize-for-test';
import { recResizeImg } from './ocr/rec-resize-img';
import { paddingTableImage, resizeTableImage } from './ocr/table-image';
import { detLabelEncode, keepKeys, multiLabelEncode, tableBoxEncode, tableLabelEncode } from './ocr/training-keys';
import { type OperatorContext, type PreprocessOperator, plainOperator, trainingOperator } from './operator';
import * as paddlex from './paddlex';
import { inFixedOrder } from './paddlex/order';
import type { PreprocessStep } from './pipeline';
import { toPlanes } from './planes';
import { normalize as normalizeForSegmentation } from './segmentation/normalize';
import { padding, paddingByAspectRatio } from './segmentation/padding';
import { resize as resizeForSegmentation } from './segmentation/resize';
import { resizeRangeScaling, resizeStepScaling } from './segmentation/resize-at-random';
import { limitLong, resizeByLong, resizeByShort } from './segmentation/resize-by-side';
import { scalePadding } from './segmentation/scale-padding';
import { toFloats } from './state';

/**
 * Operator families: the toolkits, and PaddleX's versions for their `inference.yml`, which have the same operators with
 * different arithmetic.
 */
export type OperatorFamily =
  | Exclude<ModelFamily, 'PaddleX' | 'PaddleOCR'>
  | 'PaddleX detection'
  | 'PaddleX segmentation'
  | 'PaddleX classification'
  | 'PaddleOCR classification'
  | 'PaddleOCR detection'
  | 'PaddleOCR recognition'
  | 'PaddleOCR tables';

/** The toolkit of these configurations; its user-registered operators apply here, too. */
const toolkits: { readonly [Family in OperatorFamily]?: OperatorFamily } = {
  'PaddleX detection': 'PaddleDetection 2.x',
  'PaddleX segmentation': 'PaddleSeg',
  'PaddleX classification': 'PaddleClas',
};

const segmentationTraining = [
  ...['RandomHorizontalFlip', 'RandomVerticalFlip', 'RandomCenterCrop', 'RandomPaddingCrop', 'RandomNoise'],
  ...['RandomBlur', 'RandomRotation', 'RandomScaleAspect', 'RandomDistort', 'RandomAffine'],
  ...['GenerateInstanceTargets', 'AddMultiLabelAuxiliaryCategory', 'AddEdgeLabel'],
].map(trainingOperator);

const classificationTraining = ['RandCropImage', 'RandFlipImage', 'AutoAugment'].map(trainingOperator);

/** All supported operators by family. To add one, only this table changes. */
export const operators: Record<OperatorFamily, readonly PreprocessOperator[]> = {
  'PaddleDetection 1.x': [resize1, normalize1, permute1, padStride1],
  'PaddleDetection 2.x': [
    ...[resize, letterBoxResize, normalizeImage, permute, padStride, pad],
    ...[warpAffine, topDownEvalAffine, evalAffine, resizeMult32, cuLaneResize],
  ],
  PaddleSeg: [
    ...[normalizeForSegmentation, resizeForSegmentation, resizeByLong, resizeByShort, limitLong],
    ...[resizeRangeScaling, resizeStepScaling, padding, paddingByAspectRatio, scalePadding],
    ...segmentationTraining,
  ],
  PaddleClas: [
    ...[decodeImage, resizeImage, cropImage, normalizeForClassification, toChwImage],
    ...[resizeNamed('DetResize'), normalizeNamed('DetNormalizeImage'), padStrideNamed('DetPadStride')],
    plainOperator('DetPermute', toPlanes),
    ...classificationTraining,
  ],
  // In PaddleX, keypoints and rotated boxes have separate modules, with the toolkit's operators.
  'PaddleX detection': [
    ...[paddlex.detectionResize, paddlex.detectionNormalize, permute, paddlex.detectionPad, padStride],
    ...[warpWithDefault(true), letterBoxResize, topDownEvalAffine, evalAffine],
  ],
  'PaddleX segmentation': [paddlex.segmentationResize, paddlex.segmentationNormalize, ...segmentationTraining],
  'PaddleX classification': [
    ...[decodeImage, paddlex.classificationResize, cropImage, paddlex.classificationNormalize, toChwImage],
    ...classificationTraining,
  ],
  'PaddleOCR classification': [decodeImageOfOcr, clsResizeImg, keepKeys],
  'PaddleOCR detection': [
    ...[decodeImageOfOcr, detLabelEncode, detResizeForTest, paddlex.textNormalize, toChwImage, keepKeys],
  ],
  'PaddleOCR recognition': [decodeImageOfOcr, multiLabelEncode, recResizeImg, keepKeys],
  'PaddleOCR tables': [
    ...[decodeImageOfOcr, tableLabelEncode, tableBoxEncode, resizeTableImage, paddlex.textNormalize],
    ...[paddingTableImage, toChwImage, keepKeys],
  ],
};

/** User-registered operators, which take precedence over those above. */
const registered = new Map<OperatorFamily, PreprocessOperator[]>();

/**
 * Adds a preprocessing operator to a family of configurations; it replaces one of the same name.
 *
 * `read` checks its arguments and returns the step: `transform` gets the current pixels and returns new ones.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { registerOperator } from 'paddlelab';
 * registerOperator('PaddleDetection 2.x', {
 *   type: 'Invert',
 *   keys: [],
 *   read: () => ({
 *     type: 'Invert',
 *     parameters: {},
 *     transform: (pixels) => ({ ...pixels, data: pixels.data.map((value) => 255 - value) }),
 *   }),
 * });
 */
export function registerOperator(family: OperatorFamily, operator: PreprocessOperator): void {
  checkOneOf('family', family, Object.keys(operators) as OperatorFamily[]);
  checkString('operator.type', operator?.type);
  checkOptions('operator', operator, ['type', 'keys', 'read']);
  if (!Array.isArray(operator.keys) && operator.keys !== 'any')
    throw invalidArgument('operator.keys', 'list of key names or "any"', operator.keys);
  if (typeof operator.read !== 'function') throw invalidArgument('operator.read', 'function', operator.read);
  const others = (registered.get(family) ?? []).filter((known) => known.type !== operator.type);
  registered.set(family, [operator, ...others]);
}

/**
 * Reads the list of preprocessing operators of a configuration.
 *
 * @param arch the architecture in the configuration; in PaddleDetection 1.x it decides whether `Resize` keeps the
 *   aspect ratio
 */
export function readPreprocess(node: YamlNode, family: OperatorFamily, arch: string): PreprocessStep[] {
  const steps = node.list().map((item) => readStep(item, family, { arch }));
  switch (family) {
    // PaddleSeg implicitly converts every image to float32 before its transforms and to planes after them.
    case 'PaddleSeg':
      return [toFloat32, ...steps, transpose];
    case 'PaddleX segmentation':
      return inFixedOrder(steps, ['Resize', 'Normalize']);
    case 'PaddleX classification':
      return inFixedOrder(steps, ['ResizeImage', 'CropImage', 'NormalizeImage']);
    case 'PaddleDetection 1.x':
    case 'PaddleDetection 2.x':
    case 'PaddleClas':
    case 'PaddleX detection':
    case 'PaddleOCR classification':
    case 'PaddleOCR detection':
    case 'PaddleOCR recognition':
    case 'PaddleOCR tables':
      return steps;
  }
}

const toFloat32: PreprocessStep = { type: 'ToFloat32', parameters: {}, apply: toFloats };
const transpose: PreprocessStep = { type: 'Transpose', parameters: {}, apply: toPlanes };

function readStep(node: YamlNode, family: OperatorFamily, context: OperatorContext): PreprocessStep {
  const { type, name, options } = /Clas|classification|PaddleOCR/.test(family) ? namedByKey(node) : namedByType(node);
  const users = [family, toolkits[family] ?? family].flatMap((name) => registered.get(name) ?? []);
  const known = [...users, ...operators[family]];
  const operator = known.find((candidate) => candidate.type === type);
  if (operator === undefined) {
    const names = known.map((candidate) => candidate.type);
    const near = nearest(type, names);
    const hint = near === undefined ? `known: ${names.join(', ')}` : `did you mean "${near}"?`;
    throw name.error(`Unknown preprocessing operator "${type}"; ${hint}`, 'MODEL_UNSUPPORTED');
  }
  checkKeys(options, operator, options === node ? ['type'] : []);
  return operator.read(options, context);
}

function checkKeys(options: YamlNode, { type, keys }: PreprocessOperator, besides: readonly string[]): void {
  const given = Object.keys(options.mapping());
  if (keys === 'any') return;
  const unknown = given.find((key) => !keys.includes(key) && !besides.includes(key));
  if (unknown === undefined) return;
  throw options.error(`Unknown key "${unknown}" for ${type}; known: ${keys.join(', ') || 'none'}`);
}

interface NamedStep {
  readonly type: string;
  /** The node of the name. */
  readonly name: YamlNode;
  /** The node of the arguments. */
  readonly options: YamlNode;
}

/** `- type: Resize` with the arguments beside it. */
function namedByType(node: YamlNode): NamedStep {
  const name = node.require('type');
  return { type: name.string(), name, options: node };
}

/** `- ResizeImage:` with the arguments under it. */
function namedByKey(node: YamlNode): NamedStep {
  const [type, ...others] = Object.keys(node.mapping());
  if (type === undefined || others.length > 0) throw node.expected('one operator with its arguments');
  return { type, name: node, options: node.options(type) };
}
