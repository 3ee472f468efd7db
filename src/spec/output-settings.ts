import type { TextPreset } from './text-presets';

/** How a classifier's scores are converted to classes: an entry of `PostProcess` in PaddleClas. */
export type ClassificationRule =
  | { readonly type: 'Topk'; readonly topk: number }
  | { readonly type: 'ThreshOutput'; readonly threshold: number; readonly defaultLabelIndex: number }
  | { readonly type: 'MultiLabelThreshOutput'; readonly threshold: number };

/** How PaddleX treats nested boxes: all are kept, the outer ones are kept, the inner ones are kept. */
export type LayoutMergeMode = 'union' | 'large' | 'small';

/** PaddleX's settings for the boxes of detectors in an `inference.yml`; mostly used by its layout models. */
export interface PaddlexSettings {
  /** Thresholds by class, 0.5 for other classes. */
  readonly thresholds?: Readonly<Record<number, number>>;
  readonly layoutNms: boolean;
  readonly merge?: LayoutMergeMode | Readonly<Record<number, LayoutMergeMode>>;
  /** Scale factors of the width and the height of boxes, for all or by class. */
  readonly unclip?: readonly [number, number] | Readonly<Record<number, readonly [number, number]>>;
}

/** How regions of text are found in the map of a detector (PaddleOCR's `DBPostProcess`). */
export interface TextDetectionSettings {
  /** Whose arithmetic and order of corners is taken. */
  readonly preset: TextPreset;
  /** A pixel with a probability above this belongs to text. */
  readonly pixelThreshold: number;
  /** Mean probability of a region, at least. */
  readonly boxThreshold: number;
  /** At most so many regions are looked at. */
  readonly maxCandidates: number;
  /** How far a region is widened: area × ratio ÷ length of the outline. */
  readonly unclipRatio: number;
  /** Pixels of a region's short side in the map, at least; two more after it was widened. */
  readonly minSize: number;
  /** Whether text is widened by one pixel to the right and bottom first. */
  readonly dilation: boolean;
  /** The mean is that of the region's rectangle, or of its own pixels. */
  readonly scoreMode: 'fast' | 'slow';
  /** Four corners, or an outline of any shape. */
  readonly boxType: 'quad' | 'poly';
}

/** The settings of a recogniser of lines of text. */
export interface TextRecognitionSettings {
  /** The character of each class, in the network's order; class 0 is the blank, which stands for no character. */
  readonly characters: readonly string[];
  /** The network writes what it sees from left to right, so that right-to-left scripts must be put in order (Arabic). */
  readonly visualOrder: boolean;
}

/** The settings of a network of the structure of tables. */
export interface TableStructureSettings {
  /** The HTML token of each class; the first is the beginning, the last the end. */
  readonly tokens: readonly string[];
  /** Corners are fractions of the image's size (SLANet); otherwise of the network's input, padding included. */
  readonly fractionsOfImage: boolean;
}

/** The configuration of the outputs; a property is absent if not configured or not applicable to the task. */
export interface OutputSettings {
  /** PaddleX's default threshold: `draw_threshold` of an `inference.yml`. */
  readonly threshold?: number;
  /** Side of the square masks of Mask R-CNN in PaddleDetection 1.x. */
  readonly maskResolution?: number;
  /** Output boxes are fractions of the image's size: SSD and Face of PaddleDetection 1.x. */
  readonly normalizedBoxes?: boolean;
  /** Faces with landmarks: PaddleDetection 1.x `with_lmk`. */
  readonly landmarks?: boolean;
  /** PicoDet without its post-processing: strides of the levels, and IoU of suppression. */
  readonly picodet?: { readonly strides: readonly number[]; readonly nmsThreshold: number };
  readonly classification?: ClassificationRule;
  readonly paddlex?: PaddlexSettings;
  readonly textDetection?: TextDetectionSettings;
  readonly textRecognition?: TextRecognitionSettings;
  readonly tableStructure?: TableStructureSettings;
}
