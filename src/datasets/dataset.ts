import type { ImageTruth } from './truth';

/** The formats that `openDataset` reads. */
export type DatasetFormat =
  /** A JSON file with `images`, `annotations` and `categories`: boxes, masks, joints. */
  | 'coco'
  /** PASCAL VOC: `Annotations/*.xml` and `JPEGImages/`, with lists in `ImageSets/Main/`. */
  | 'voc'
  /** Text files with `class x y width height` (or a polygon, or four corners) as fractions of the image. */
  | 'yolo'
  /** One folder of images per class, as in ImageNet. */
  | 'class-folders'
  /** A text file with an image and its class number, or classes of a multi-label model, on each line. */
  | 'class-list'
  /** A text file with an image and a PNG of class numbers on each line, as in PaddleSeg. */
  | 'mask-list'
  /** A text file with an image and the text that it shows on each line, as in PaddleOCR. */
  | 'text-list'
  /** A text file with an image and a JSON list of its regions of text on each line, as in PaddleOCR. */
  | 'text-regions'
  /** Cityscapes: `leftImg8bit/` and `gtFine/` with `…_labelTrainIds.png` or `…_labelIds.png`. */
  | 'cityscapes';

/** A part of a data set that can't be used, or is used although it looks wrong; it is counted and named in reports. */
export interface DatasetProblem {
  /**
   * `image-left-out`: it is missing, can't be read, or its truth can't; it is not evaluated.
   * `object-left-out`: a true object that can't be used, such as a polygon with two corners.
   * `kept`: used as it is, such as a box that reaches outside its image.
   */
  readonly kind: 'image-left-out' | 'object-left-out' | 'kept';
  /** The file with the problem. */
  readonly file: string;
  /** The place in the file, such as `annotations[17].bbox` or `line 3`; undefined for a whole file. */
  readonly place?: string;
  /** What was expected, and what was found. */
  readonly message: string;
}

/** An image of a data set, and how to read what is true of it. */
export interface DatasetImage {
  /** Full path. */
  readonly file: string;
  /** Relative to the images' folder, for reports. */
  readonly name: string;
  /** Its number in the data set: COCO's `id`, otherwise counted from 1. Unique. */
  readonly imageId: number;
  /** Reads the truth, only now if it is a file of its own; what is wrong with it is in `problems`. */
  truth(): Promise<{ readonly truth: ImageTruth | undefined; readonly problems: readonly DatasetProblem[] }>;
}

/** Images with their truth. */
export interface Dataset {
  readonly format: DatasetFormat;
  /** Full path of the file or folder it was read from. */
  readonly path: string;
  /** Names of the classes by their numbers in the truth; empty if the data set has only numbers. */
  readonly classes: readonly string[];
  /** COCO's category id of each class, undefined for a class that the file lacks; only of the format `coco`. */
  readonly categoryIds?: readonly (number | undefined)[];
  /** In the data set's order; images that are missing are already left out. */
  readonly images: readonly DatasetImage[];
  /** What was found when it was opened. */
  readonly problems: readonly DatasetProblem[];
}

/** Whether a value has the parts of a data set: an opened one, or one of your own. */
export function isDataset(value: unknown): value is Dataset {
  const { path, classes, images, problems } = (value ?? {}) as Partial<Dataset>;
  return typeof path === 'string' && [classes, images, problems].every(Array.isArray);
}
