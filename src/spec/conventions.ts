/** Differences between the toolkits' scripts; determined once, when the configuration is read. */
export interface Conventions {
  /** The version of PaddleDetection that defines the contents of `im_shape`, `scale_factor` and similar inputs. */
  readonly inputs: '1.x' | '2.x';
  /** Which size `im_info` of 1.x has. */
  readonly imInfo: 'resized' | 'padded';
  /** What can be batched: nothing, images of the same size, or any, padded with zeros at the right and bottom. */
  readonly batches: 'one image' | 'equal sizes' | 'padded';
  /** How the images of a list are put into batches; results keep the order of the list. */
  readonly batchOrder: 'given' | 'by aspect ratio';
  /** Where the number of valid rows of boxes is found. */
  readonly boxCount: 'rows' | 'second output';
  /** Rows of boxes may have one or two more columns, for a reading order. */
  readonly readingOrder: boolean;
  /** Boxes are processed like PaddleX's layouts: thresholds by class, merging, enlarging. */
  readonly arrangesLayout: boolean;
  /** Corners and masks are clipped to the image. */
  readonly clampsBoxes: boolean;
  /** The area of the network's masks; `segments` are SOLOv2's, which has no boxes. */
  readonly masks: 'whole image' | 'inside boxes' | 'segments';
  /** Added to the class numbers of segments: in 1.x they include the background. */
  readonly segmentClassOffset: 0 | 1;
  /** Paddle Serving sorts outputs by variable name. */
  readonly outputOrder: 'exported' | 'by name';
  /** How people are found: all at once, or one per crop. */
  readonly people: 'bottom-up' | 'top-down';
  /** In the line that the script prints for a box: before its first corner, and between its corners. */
  readonly printedSeparators: readonly [beforeCorners: string, betweenCorners: string];
}
