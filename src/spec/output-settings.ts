/** How a classifier's scores become classes: an entry of `PostProcess` in PaddleClas. */
export type ClassificationRule =
  | { readonly type: 'Topk'; readonly topk: number }
  | { readonly type: 'ThreshOutput'; readonly threshold: number; readonly defaultLabelIndex: number }
  | { readonly type: 'MultiLabelThreshOutput'; readonly threshold: number };

/** How PaddleX treats boxes that lie in one another: all stay, the outer ones stay, the inner ones stay. */
export type LayoutMergeMode = 'union' | 'large' | 'small';

/** What PaddleX reads of an `inference.yml` for the boxes of detectors; its layout models have most of it. */
export interface PaddlexSettings {
  /** Thresholds by class, 0.5 for classes that are not named. */
  readonly thresholds?: Readonly<Record<number, number>>;
  readonly layoutNms: boolean;
  readonly merge?: LayoutMergeMode | Readonly<Record<number, LayoutMergeMode>>;
  /** Factors of the width and the height of boxes, for all or by class. */
  readonly unclip?: readonly [number, number] | Readonly<Record<number, readonly [number, number]>>;
}

/** What a configuration says about the outputs; absent where it says nothing or the task has no such thing. */
export interface OutputSettings {
  /** What PaddleX takes for a threshold where none is given: `draw_threshold` of an `inference.yml`. */
  readonly threshold?: number;
  /** Side of the square masks of Mask R-CNN in PaddleDetection 1.x. */
  readonly maskResolution?: number;
  /** Output boxes are fractions of the image's size: SSD and Face of PaddleDetection 1.x. */
  readonly normalizedBoxes?: boolean;
  /** Faces with points: PaddleDetection 1.x `with_lmk`. */
  readonly landmarks?: boolean;
  /** PicoDet without its post-processing: strides of the levels, and IoU of suppression. */
  readonly picodet?: { readonly strides: readonly number[]; readonly nmsThreshold: number };
  readonly classification?: ClassificationRule;
  readonly paddlex?: PaddlexSettings;
}
