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
  /** For faces, if the model returns them (PaddleDetection 1.x `with_lmk`): eyes, nose, corners of the mouth. */
  readonly landmarks?: readonly (readonly [x: number, y: number])[];
  /**
   * The number that the object keeps over the frames of a video, from 1; absent if it was not tracked. ByteTrack numbers
   * the objects of each class by themselves, so that `classId` and `trackId` together stand for one object.
   */
  readonly trackId?: number;
}

/** One object found in an image, with its mask over the whole image. */
export interface InstanceDetection extends Detection {
  readonly mask: RleMask;
}

/** One object found in an image at any angle; `box` is its upright bounding box. */
export interface RotatedDetection extends Detection {
  /** The corners in order, `[x1, y1, x2, y2, x3, y3, x4, y4]`. */
  readonly corners: readonly number[];
}

/** A joint, in pixels of the original (EXIF-upright) image. */
export interface Keypoint {
  readonly x: number;
  readonly y: number;
  /** The value of the heat map at this joint: about 0 to 1. */
  readonly score: number;
}

/** The joints of one person. */
export interface Person {
  /** Mean of the joints' scores. */
  readonly score: number;
  /** In the model's order: 17 joints are COCO's, 16 are MPII's. */
  readonly keypoints: readonly Keypoint[];
  /**
   * The box in which the person was searched; the bounding box of the joints for models that find several people at
   * once.
   */
  readonly box: Box;
}

/** All pixels of one class. */
export interface Segment {
  /** Index into the model's labels. */
  readonly classId: number;
  readonly label: string;
  /** Pixels of the original image. */
  readonly area: number;
  /** The share of the image, 0 to 1. */
  readonly fraction: number;
  readonly mask: RleMask;
}

/** The probability of each class in each pixel of the original image. */
export interface ProbabilityMaps {
  readonly width: number;
  readonly height: number;
  readonly classes: number;
  /** 0 to 1, one map of `width` × `height` per class, rows from the top: `data[(classId * height + y) * width + x]`. */
  readonly data: Float32Array;
}

/** A class assigned to an image by a classifier. */
export interface Classification {
  /** Index into the model's labels. */
  readonly classId: number;
  readonly label: string;
  /** The network's output: a probability, or a logit if the model was exported without its softmax. */
  readonly score: number;
}

/** The time of each stage of a prediction, in milliseconds. */
export interface Timings {
  readonly decodeMs: number;
  readonly preprocessMs: number;
  readonly inferenceMs: number;
  readonly postprocessMs: number;
}

/** The network's input and output tensors. */
export interface RawTensors {
  readonly inputs: Readonly<Record<string, TensorInput>>;
  readonly outputs: readonly Tensor[];
}

/** Interleaved RGB, 8 bits each. */
export interface RgbPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The content fields of all kinds of results. */
type ContentField =
  | ('detections' | 'people' | 'segments' | 'classes' | 'regions' | 'text' | 'characters' | 'lines')
  | ('tokens' | 'cells' | 'rows' | 'html');

/** The content fields of other kinds of results: declared as absent, so that a cell need not narrow by `kind` first. */
type Only<Own extends ContentField> = { readonly [Name in Exclude<ContentField, Own>]?: undefined };

interface ResultBase {
  /** Size of the original (EXIF-upright) image in pixels. */
  readonly image: { readonly width: number; readonly height: number };
  /** Only results with a score above this were kept; 0 if nothing is filtered by score. */
  readonly threshold: number;
  /** The model's class names, indexed by `classId`. */
  readonly labels: readonly string[];
  readonly timings: Timings;
  /** Only with `raw: true`; not enumerable, so that the result stays plain JSON data. */
  readonly raw?: RawTensors;
}

interface TrackableResult extends ResultBase, Only<'detections'> {
  /** The name of the tracker that gave the objects their `trackId`; absent if they were not tracked. */
  readonly tracker?: string;
}

/** The objects that a detector found in one image, best score first. */
export interface DetectionResult extends TrackableResult {
  readonly kind: 'detection';
  readonly detections: readonly Detection[];
}

/** The objects that a rotated detector found in one image, best score first. */
export interface RotatedDetectionResult extends TrackableResult {
  readonly kind: 'rotated-detection';
  readonly detections: readonly RotatedDetection[];
}

/** The objects that an instance segmenter found in one image, best score first. */
export interface InstanceSegmentationResult extends TrackableResult {
  readonly kind: 'instance-segmentation';
  readonly detections: readonly InstanceDetection[];
}

/** The people and joints that a pose model found. */
export interface KeypointsResult extends ResultBase, Only<'people'> {
  readonly kind: 'keypoints';
  readonly people: readonly Person[];
}

/**
 * The class of every pixel of one image, as one segment per class, largest first; `decodeLabelMap` makes a map of class
 * numbers from it. It has the size of the original image: the network's map is transformed back (padding removed, then
 * scaled by nearest neighbours, as in PaddleX). PaddleSeg's deploy script keeps the network's size, like the tensors of
 * `raw: true`.
 */
export interface SemanticSegmentationResult extends ResultBase, Only<'segments'> {
  readonly kind: 'semantic-segmentation';
  readonly segments: readonly Segment[];
  /** Only with `probabilities: true`; not enumerable, like `raw`. */
  readonly probabilities?: ProbabilityMaps;
}

/**
 * The classes of one image, best score first (for multi-label models in the order of their numbers, as in PaddleClas).
 */
export interface ClassificationResult extends ResultBase, Only<'classes'> {
  readonly kind: 'classification';
  readonly classes: readonly Classification[];
}

/** A place in an image where text stands, usually a line or a word. */
export interface TextRegion {
  /**
   * The corners, clockwise from the top left one as the text is read, in pixels of the original (EXIF-upright) image,
   * origin top left; more than four for models that outline text of any shape (`box_type: poly`).
   */
  readonly polygon: readonly (readonly [x: number, y: number])[];
  /** Mean probability of text in it, 0 to 1. */
  readonly score: number;
}

/**
 * The places in an image where text stands, from top to bottom and from left to right. `threshold` is the least mean
 * probability.
 */
export interface TextDetectionResult extends ResultBase, Only<'regions'> {
  readonly kind: 'text-detection';
  readonly regions: readonly TextRegion[];
}

/** A character of a line of text. */
export interface TextCharacter {
  /** Usually one character; whatever the dictionary has for the network's class. */
  readonly text: string;
  /** Probability, 0 to 1. */
  readonly score: number;
  /**
   * Where the network saw it along the width of the image, in pixels from the left; as exact as the network's columns,
   * which are about a sixth of the image's height.
   */
  readonly start: number;
  readonly end: number;
}

/** The text of an image that shows one line. */
export interface TextRecognitionResult extends ResultBase, Only<'text' | 'characters'> {
  readonly kind: 'text-recognition';
  /** Empty if nothing was read, or if the score is below the threshold. */
  readonly text: string;
  /** Mean of the characters' scores, 0 to 1; 0 if nothing was read. */
  readonly score: number;
  /** In reading order. */
  readonly characters: readonly TextCharacter[];
}

/** A character of a line of text on a page. */
export interface PlacedCharacter {
  /** Usually one character; whatever the dictionary has for the network's class. */
  readonly text: string;
  /** Probability, 0 to 1. */
  readonly score: number;
  /** Its corners in pixels of the page, clockwise from its top left, as seen by a reader; about as exact as its width. */
  readonly polygon: readonly (readonly [x: number, y: number])[];
}

/** A line of text on a page. */
export interface TextLine {
  /** Corners in pixels of the page, clockwise from the top left: four, or more around bent text. */
  readonly polygon: readonly (readonly [x: number, y: number])[];
  readonly text: string;
  /** Mean of the characters' scores, 0 to 1. */
  readonly score: number;
  /** How sure the detector was that this is text, 0 to 1; absent if it is not known, as from PaddleX's servers and in ground truth. */
  readonly detectionScore?: number;
  /** In reading order; none if their places are not known, as from PaddleX's servers and in ground truth. */
  readonly characters: readonly PlacedCharacter[];
}

/** The text of a page, as `readText` reads it. */
export interface TextResult extends ResultBase, Only<'text' | 'lines'> {
  readonly kind: 'text';
  /** In reading order. */
  readonly lines: readonly TextLine[];
  /** The lines joined as a person would read them: lines beside each other in one, an empty line between paragraphs. */
  readonly text: string;
  /** The tiles in which lines were found; absent if they were found in the whole image at once. */
  readonly tiles?: TextTiles;
  /**
   * By how many degrees the page was found turned clockwise: only with a `pageOrientation`. It was turned back for reading; places
   * are in pixels of the image as it was given, unless it was unwarped.
   */
  readonly pageAngle?: 0 | 90 | 180 | 270;
  /**
   * The flat page that was read, only with `unwarping`: places and `image` are in its pixels, and pictures are drawn on it. Not
   * enumerable, so that the result stays plain JSON data.
   */
  readonly unwarped?: RgbPixels;
}

/** The tiles of a large image: the longest side of each and what neighbours share at least, in pixels, and their number. */
export interface TextTiles {
  readonly size: number;
  readonly overlap: number;
  readonly count: number;
}

/** A cell of a table, by its place in the grid of rows and columns. */
export interface TableStructureCell {
  /** From 0. */
  readonly row: number;
  readonly column: number;
  /** How many rows and columns it takes. */
  readonly rowSpan: number;
  readonly columnSpan: number;
  /** Whether the network took its row for a head of the table. */
  readonly header: boolean;
  /** Four corners in whole pixels of the original (EXIF-upright) image, clockwise; empty if the network gave none. */
  readonly polygon: readonly (readonly [x: number, y: number])[];
}

/** The structure of the table that an image shows. */
export interface TableStructureResult extends ResultBase, Only<'tokens' | 'cells'> {
  readonly kind: 'table-structure';
  /** The HTML of the table without its text, such as `<tr>`, `<td></td>`, ` colspan="2"`. */
  readonly tokens: readonly string[];
  /** In the order of the HTML: row by row. */
  readonly cells: readonly TableStructureCell[];
  /** Mean probability of the tokens, 0 to 1. */
  readonly score: number;
}

/** A cell of a table with its text. */
export interface TextCell extends TableStructureCell {
  /** The lines in it, with a space between them. */
  readonly text: string;
}

/** A table with its text, as `readTable` reads it. */
export interface TableResult extends ResultBase, Only<'rows' | 'cells' | 'lines' | 'html'> {
  readonly kind: 'table';
  /** The text of each row and column; a cell that takes several has its text in the first, and the others are empty. */
  readonly rows: readonly (readonly string[])[];
  /** In the order of the rows. */
  readonly cells: readonly TextCell[];
  /** The lines of text in the table. */
  readonly lines: readonly TextLine[];
  /** The table as HTML. */
  readonly html: string;
  /** Mean probability of the structure, 0 to 1; absent if it is not known, as from PaddleX's servers. */
  readonly score?: number;
}

/** A flat image made from a photograph of a bent page. */
export interface UnwarpingResult extends ResultBase, Only<never> {
  readonly kind: 'image-unwarping';
  /** Size of the unwarped image in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Its pixels, an image for `predict`, `readText` and others; not enumerable, so that the result stays plain JSON data. */
  readonly unwarped: RgbPixels;
}

/** The meaning of the outputs is unknown: they are in `raw`. */
export interface TensorsResult extends ResultBase, Only<never> {
  readonly kind: 'tensors';
  /** Type and shape of each output, such as `float32[1,1000]`. */
  readonly outputs: readonly string[];
}

/** The result of a custom task for one image. */
export interface CustomResult<C = unknown> extends ResultBase, Only<never> {
  readonly kind: 'custom';
  /** The task's name. */
  readonly task: string;
  /** The return value of the task's `read`. */
  readonly content: C;
}

/** An object with what a second model found in its part of the image. */
export interface ChainedObject<R = PredictResult> extends Detection {
  /** Its mask or corners, if the detector gives them. */
  readonly mask?: RleMask;
  readonly corners?: readonly number[];
  /**
   * What was found in its part of the image, in pixels of the whole image; absent for objects that were not passed on, and for
   * those with no pixel in the image.
   */
  readonly result?: R;
}

/** What a chain of `chain` found in one image: the detector's objects, best score first, each with a result of its own. */
export interface ChainResult<R = PredictResult> extends ResultBase, Only<'detections'> {
  readonly kind: 'chain';
  readonly detections: readonly ChainedObject<R>[];
}

/** The results whose `detections` are objects with boxes. */
export type AnyDetectionResult = DetectionResult | RotatedDetectionResult | InstanceSegmentationResult;

/** The type of result of each task; a new task adds a line here. */
export interface ResultByTask {
  readonly detection: DetectionResult;
  readonly 'rotated-detection': RotatedDetectionResult;
  readonly 'instance-segmentation': InstanceSegmentationResult;
  readonly keypoints: KeypointsResult;
  readonly 'semantic-segmentation': SemanticSegmentationResult;
  readonly classification: ClassificationResult;
  readonly 'text-detection': TextDetectionResult;
  readonly 'text-recognition': TextRecognitionResult;
  readonly 'table-structure': TableStructureResult;
  readonly 'image-unwarping': UnwarpingResult;
  /** A task registered by a user, or passed to `loadModel`. */
  readonly custom: CustomResult;
  /** A model without a configuration: `predict` returns the raw tensors. */
  readonly tensors: TensorsResult;
}

/** The result of `predict`, `readText`, `readTable` or a chain; narrow it by its `kind`. */
export type PredictResult = ResultByTask[keyof ResultByTask] | TextResult | TableResult | ChainResult;

/** The task of a model; also the `kind` of the model and of its results. */
export type Task = keyof ResultByTask;
