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
}

/** One object found in an image, with its mask over the whole image. */
export interface InstanceDetection extends Detection {
  readonly mask: RleMask;
}

/** Where the time of one prediction went, in milliseconds. */
export interface Timings {
  readonly decodeMs: number;
  readonly preprocessMs: number;
  readonly inferenceMs: number;
  readonly postprocessMs: number;
}

interface ResultBase {
  /** Size of the original (EXIF-upright) image in pixels. */
  readonly image: { readonly width: number; readonly height: number };
  /** Detections with `score` above this were kept. */
  readonly threshold: number;
  /** The model's class names; `classId` indexes them. */
  readonly labels: readonly string[];
  readonly timings: Timings;
}

/** What an object detector found in one image, best score first. */
export interface DetectionResult extends ResultBase {
  readonly kind: 'detection';
  readonly detections: readonly Detection[];
}

/** What an instance segmenter found in one image, best score first. */
export interface InstanceSegmentationResult extends ResultBase {
  readonly kind: 'instance-segmentation';
  readonly detections: readonly InstanceDetection[];
}

/** The result of `predict`; narrow it by `kind`. */
export type PredictResult = DetectionResult | InstanceSegmentationResult;
