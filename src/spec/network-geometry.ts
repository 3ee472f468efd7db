/** The position and scale of an image in the input tensor made by the preprocessing steps. */
export interface NetworkGeometry {
  /** `[height, width]` of the tensor. */
  readonly size: readonly [number, number];
  /** Width of the tensor of a batch, in which the image is padded to the widest one. */
  readonly batchWidth?: number;
  /** `[height, width]` of the image in it; the rest is padding. Not rounded. */
  readonly content: readonly [number, number];
  /** `[y, x]` of the image's top left corner in it; 0 except for centred images. Not rounded. */
  readonly origin: readonly [number, number];
  /** `[height, width]` as passed to the network. */
  readonly imShape: readonly [number, number];
  /** `[y, x]` factors as passed to the network. */
  readonly scaleFactor: readonly [number, number];
}
