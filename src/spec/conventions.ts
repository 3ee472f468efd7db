/** What a toolkit's script does differently from the others; decided once, when the configuration is read. */
export interface Conventions {
  /** What `im_shape`, `scale_factor` and their like hold. */
  readonly inputs: 'PaddleDetection 1.x' | 'PaddleDetection 2.x';
  /** Which size `im_info` of 1.x tells. */
  readonly imInfo: 'resized' | 'padded';
  /** What may share a run: nothing, images of one size, or any, with zeros at the right and bottom. */
  readonly batches: 'one image' | 'equal sizes' | 'padded';
  /** What tells how many rows of boxes count. */
  readonly boxCount: 'rows' | 'second output';
  /** Rows of boxes may have one or two columns more, for a reading order. */
  readonly readingOrder: boolean;
  /** Boxes are arranged as PaddleX does for layouts: thresholds by class, merging, enlarging. */
  readonly arrangesLayout: boolean;
  /** Corners and masks are cut at the image's borders. */
  readonly clampsBoxes: boolean;
  /** What the network's masks cover; `segments` are SOLOv2's, which has no boxes. */
  readonly masks: 'whole image' | 'inside boxes' | 'segments';
  /** Added to the class numbers of segments: 1.x counts from the background. */
  readonly segmentClassOffset: 0 | 1;
  /** Paddle Serving sorts outputs by the names of variables. */
  readonly outputOrder: 'exported' | 'by name';
  /** How people are found: all at once, or one in a crop. */
  readonly people: 'bottom-up' | 'top-down';
}
