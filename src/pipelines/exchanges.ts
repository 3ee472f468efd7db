import type { PredictResult } from '../results';
import type { AnswerValues } from './answer-values';
import type { PipelineTask } from './pipeline-tasks';
import { readClasses, readSegments } from './read-classes';
import { readDetections, readInstances, readPeople, readRotated } from './read-objects';
import { readTable } from './read-table';
import { readPage } from './read-text';

type Fields = Readonly<Record<string, unknown>>;

/** What an answer is read with. */
export interface ReadContext {
  readonly image: { readonly width: number; readonly height: number };
  readonly labels: readonly string[];
  /** 0 without one. */
  readonly threshold: number;
}

/** Request and answer of a pipeline. */
interface Exchange {
  /** The fields of a request beside those of the user. */
  readonly request: (image: string, threshold: number | undefined) => Fields;
  /** The fields of the result that differ between kinds. */
  readonly read: (values: AnswerValues, result: Fields, context: ReadContext) => Fields;
}

/** @param name the field that has the threshold; absent if the pipeline has none */
function imageRequest(name?: string): Exchange['request'] {
  return (image, threshold) => {
    const given = name === undefined || threshold === undefined ? {} : { [name]: threshold };
    return { image, visualize: false, ...given };
  };
}

const textRequest: Exchange['request'] = (file, threshold) => {
  const asIs = { useDocOrientationClassify: false, useDocUnwarping: false };
  const given = threshold === undefined ? {} : { textRecScoreThresh: threshold };
  return { file, fileType: 1, visualize: false, ...asIs, ...given };
};

/** Only what has a score above the threshold, as `predict` keeps it. */
function above<V extends { readonly score: number }>(things: readonly V[], threshold: number): readonly V[] {
  return threshold === 0 ? things : things.filter(({ score }) => score > threshold);
}

const detection: Exchange = {
  request: imageRequest('threshold'),
  read: (values, result, { threshold }) => ({ detections: above(readDetections(values, result), threshold) }),
};
const classification: Exchange = {
  request: imageRequest(),
  read: (values, result, { threshold }) => ({ classes: above(readClasses(values, result), threshold) }),
};

/** Every pipeline, by the bodies that PaddleX documents. */
export const exchanges: { readonly [T in PipelineTask]: Exchange } = {
  'object-detection': detection,
  'small-object-detection': detection,
  'rotated-object-detection': {
    request: imageRequest('threshold'),
    read: (values, result, { threshold }) => ({ detections: above(readRotated(values, result), threshold) }),
  },
  'instance-segmentation': {
    request: imageRequest('threshold'),
    read: (values, result, { image, threshold }) => {
      return { detections: above(readInstances(values, result, image), threshold) };
    },
  },
  'human-keypoint-detection': {
    request: imageRequest('detThreshold'),
    read: (values, result) => ({ people: readPeople(values, result) }),
  },
  'semantic-segmentation': {
    request: imageRequest(),
    read: (values, result, { image, labels }) => ({ segments: readSegments(values, result, image, labels) }),
  },
  'image-classification': classification,
  'multilabel-image-classification': { ...classification, request: imageRequest('threshold') },
  ocr: {
    request: textRequest,
    read: (values, result, { threshold }) => ({ ...readPage(values, result, threshold) }),
  },
  'table-recognition': {
    // The image is the table, as for `readTable`.
    request: (file, threshold) => ({ ...textRequest(file, threshold), useLayoutDetection: false }),
    read: (values, result, { threshold }) => ({ ...readTable(values, result, threshold) }),
  },
};

/** Class names by number: those of the user, and of the objects in the answer. */
export function labelsOf(given: readonly string[], content: Partial<PredictResult>): readonly string[] {
  const labels = [...given];
  const {
    detections = [],
    classes = [],
    segments = [],
  } = content as Partial<Record<string, readonly { readonly classId: number; readonly label: string }[]>>;
  for (const { classId, label } of [...detections, ...classes, ...segments]) {
    for (let i = labels.length; i <= classId; i++) labels.push(String(i));
    if (given[classId] === undefined) labels[classId] = label;
  }
  return labels;
}
