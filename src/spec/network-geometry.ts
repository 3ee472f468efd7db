/** How an image of some size lies in the tensor that the steps make of it. */
export interface NetworkGeometry {
  /** `[height, width]` of the tensor. */
  readonly size: readonly [number, number];
  /** `[height, width]` of the image in it; the rest is padding. Not rounded. */
  readonly content: readonly [number, number];
  /** `[y, x]` of the image's top left corner in it; 0 but for centred images. Not rounded. */
  readonly origin: readonly [number, number];
  /** `[height, width]` as the network is told it. */
  readonly imShape: readonly [number, number];
  /** `[y, x]` factors as the network is told them. */
  readonly scaleFactor: readonly [number, number];
}
