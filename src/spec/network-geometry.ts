/** How an image of some size lies in the tensor that the steps make of it. */
export interface NetworkGeometry {
  /** `[height, width]` of the tensor. */
  readonly size: readonly [number, number];
  /** `[height, width]` of the image in it, at its top left; the rest is padding. Not rounded. */
  readonly content: readonly [number, number];
  /** `[height, width]` as the network is told it. */
  readonly imShape: readonly [number, number];
  /** `[y, x]` factors as the network is told them. */
  readonly scaleFactor: readonly [number, number];
}
