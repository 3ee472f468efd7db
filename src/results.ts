import type { Tensor, TensorInput } from './inference/tensor';

/** Corners of an axis-aligned box, `[x1, y1, x2, y2]`, in pixels of the original (EXIF-upright) image, origin top left. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** COCO's compressed run-length encoding of a binary mask: column-major runs, `size` is `[height, width]`. */
export interface RleMask {
  readonly size: readonly [height: number, width: number];
  readonly counts: string;
}

/** One object found in an image. */
export interface Detection {
  /** Index into the model's labels. */
  readonly classId: number;
  readonly label: string;
  /** Confidence, 0 to 1. */
  readonly score: number;
  readonly box: Box;
  /** Of faces, where the model finds them (PaddleDetection 1.x `with_lmk`): eyes, nose, corners of the mouth. */
  readonly landmarks?: readonly (readonly [x: number, y: number])[];
}

/** One object found in an image, with its mask over the whole image. */
export interface InstanceDetection extends Detection {
  readonly mask: RleMask;
}

/** One object found in an image at any angle; `box` is the upright box around it. */
export interface RotatedDetection extends Detection {
  /** The corners in order, `[x1, y1, x2, y2, x3, y3, x4, y4]`. */
  readonly corners: readonly number[];
}

/** A joint, in pixels of the original (EXIF-upright) image. */
export interface Keypoint {
  readonly x: number;
  readonly y: number;
  /** The heat map's value there: about 0 to 1. */
  readonly score: number;
}

/** The joints of one person. */
export interface Person {
  /** Mean of the joints' scores. */
  readonly score: number;
  /** In the model's order: 17 joints are COCO's, 16 are MPII's. */
  readonly keypoints: readonly Keypoint[];
  /** Where the person was looked for; around the joints found, for models that find several people at once. */
  readonly box: Box;
}

/** All pixels of one class. */
export interface Segment {
  /** Index into the model's labels. */
  readonly classId: number;
  readonly label: string;
  /** Pixels of the original image. */
  readonly area: number;
  /** Part of the image, 0 to 1. */
  readonly fraction: number;
  readonly mask: RleMask;
}

/** How probable each class is in each pixel of the original image. */
export interface ProbabilityMaps {
  readonly width: number;
  readonly height: number;
  readonly classes: number;
  /** 0 to 1, one map of `width` × `height` a class, rows from the top: `data[(classId * height + y) * width + x]`. */
  readonly data: Float32Array;
}

/** A class that a classifier gives an image. */
export interface Classification {
  /** Index into the model's labels. */
  readonly classId: number;
  readonly label: string;
  /** As the network gives it: a probability, or a logit where the model was exported without its softmax. */
  readonly score: number;
}

/** Where the time of one prediction went, in milliseconds. */
export interface Timings {
  readonly decodeMs: number;
  readonly preprocessMs: number;
  readonly inferenceMs: number;
  readonly postprocessMs: number;
}

/** What went into the network and what came out. */
export interface RawTensors {
  readonly inputs: Readonly<Record<string, TensorInput>>;
  readonly outputs: readonly Tensor[];
}

/** Content that other kinds of result have: absent, but named, so that a cell need not narrow by `kind` first. */
type Without<Names extends string> = { readonly [Name in Names]?: undefined };

interface ResultBase {
  /** Size of the original (EXIF-upright) image in pixels. */
  readonly image: { readonly width: number; readonly height: number };
  /** What has a score above this was kept; 0 where nothing is left out by score. */
  readonly threshold: number;
  /** The model's class names; `classId` indexes them. */
  readonly labels: readonly string[];
  readonly timings: Timings;
  /** With `raw: true` only; not enumerable, so that the result stays plain JSON data without it. */
  readonly raw?: RawTensors;
}

/** What an object detector found in one image, best score first. */
export interface DetectionResult extends ResultBase, Without<'people' | 'segments' | 'classes'> {
  readonly kind: 'detection';
  readonly detections: readonly Detection[];
}

/** What a detector of objects at any angle found in one image, best score first. */
export interface RotatedDetectionResult extends ResultBase, Without<'people' | 'segments' | 'classes'> {
  readonly kind: 'rotated-detection';
  readonly detections: readonly RotatedDetection[];
}

/** What an instance segmenter found in one image, best score first. */
export interface InstanceSegmentationResult extends ResultBase, Without<'people' | 'segments' | 'classes'> {
  readonly kind: 'instance-segmentation';
  readonly detections: readonly InstanceDetection[];
}

/** The joints that a pose model found. */
export interface KeypointsResult extends ResultBase, Without<'detections' | 'segments' | 'classes'> {
  readonly kind: 'keypoints';
  readonly people: readonly Person[];
}

/**
 * The class of every pixel of one image, as a segment a class, largest first; `decodeLabelMap` makes a map of numbers
 * of it. It has the size of the original image: the network's own map is reverted (bars cut off, then scaled by
 * nearest neighbours, as PaddleX does); PaddleSeg's deploy script leaves it at the network's size, and so do the tensors
 * of `raw: true`.
 */
export interface SemanticSegmentationResult extends ResultBase, Without<'detections' | 'people' | 'classes'> {
  readonly kind: 'semantic-segmentation';
  readonly segments: readonly Segment[];
  /** With `probabilities: true` only; not enumerable, as `raw`. */
  readonly probabilities?: ProbabilityMaps;
}

/** The classes of one image, best score first (several at once: in the order of their numbers, as PaddleClas). */
export interface ClassificationResult extends ResultBase, Without<'detections' | 'people' | 'segments'> {
  readonly kind: 'classification';
  readonly classes: readonly Classification[];
}

/** Nothing is known of what the outputs mean: they are in `raw`. */
export interface TensorsResult extends ResultBase, Without<'detections' | 'people' | 'segments' | 'classes'> {
  readonly kind: 'tensors';
  /** Type and shape of each output, such as `float32[1,1000]`. */
  readonly outputs: readonly string[];
}

/** What a task of one's own found in one image. */
export interface CustomResult<C = unknown>
  extends ResultBase,
    Without<'detections' | 'people' | 'segments' | 'classes'> {
  readonly kind: 'custom';
  /** The task's name. */
  readonly task: string;
  /** What its `read` returned. */
  readonly content: C;
}

/** The results whose `detections` are objects with boxes. */
export type AnyDetectionResult = DetectionResult | RotatedDetectionResult | InstanceSegmentationResult;

/** The result that each task gives; a new task is a line here. */
export interface ResultByTask {
  readonly detection: DetectionResult;
  readonly 'rotated-detection': RotatedDetectionResult;
  readonly 'instance-segmentation': InstanceSegmentationResult;
  readonly keypoints: KeypointsResult;
  readonly 'semantic-segmentation': SemanticSegmentationResult;
  readonly classification: ClassificationResult;
  /** A task that a user registered, or gave `loadModel`. */
  readonly custom: CustomResult;
  /** No configuration says what the outputs mean: `predict` gives the tensors. */
  readonly tensors: TensorsResult;
}

/** The result of `predict`; narrow it by `kind`. */
export type PredictResult = ResultByTask[keyof ResultByTask];

/** What a model does; the `kind` of the model and of its results. */
export type Task = keyof ResultByTask;
