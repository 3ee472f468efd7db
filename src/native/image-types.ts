/** How pixels move in a pass; `width` and `height` are those of the result. */
export type NativeGeometry = { readonly width: number; readonly height: number } & (
  | { readonly kind: 'none' }
  | {
      readonly kind: 'resize';
      /** Source pixels per destination pixel. */
      readonly stepX: number;
      readonly stepY: number;
      /** OpenCV's code: 0 nearest, 1 linear, 2 cubic, 3 area, 4 lanczos4. */
      readonly interpolation: number;
    }
  /** Pillow's code: 0 nearest, 1 lanczos, 2 bilinear, 3 bicubic, 4 box, 5 hamming. */
  | { readonly kind: 'pillow'; readonly filter: number }
  /** From destination to source: `[a, b, c, d, e, f]` for x = a·x + b·y + c, y = d·x + e·y + f. */
  | { readonly kind: 'warp'; readonly matrix: readonly number[] }
  | { readonly kind: 'crop'; readonly left: number; readonly top: number }
);

/** Arithmetic with a constant for each channel, stored as float32 after computing in float32 or in double. */
export interface NativeArithmetic {
  readonly kind: 'multiply' | 'divide' | 'add' | 'subtract';
  readonly double: boolean;
  readonly values: readonly number[];
}

/** What becomes of the pixels in a pass: channels, arithmetic, padding, order in memory. */
export interface NativeMap {
  /** Source channel of each channel of the result; −1 for zeros. */
  readonly order: readonly number[];
  readonly arithmetic: readonly NativeArithmetic[];
  /** The canvas; the image stands at `left`, `top`, the rest is `fill` (one value for each channel). */
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly fill: readonly number[];
  /** Channels one after the other instead of interleaved. */
  readonly planes: boolean;
  /** Cut to 8 bits instead of float32. */
  readonly bytes: boolean;
}

export interface NativePass {
  readonly geometry: NativeGeometry;
  readonly map: NativeMap;
}

/** Interleaved pixels, 1 to 4 channels. */
export interface NativePixels {
  readonly data: Uint8Array | Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** A picture to be drawn: `source` is copied to `target` unless it is the same memory, then the operations are done. */
export interface NativeDrawing {
  /** RGB, 8 bits each, rows from the top; as long as `target`. */
  readonly source: Uint8Array;
  readonly target: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Operations, one after the other, as `DisplayList` writes them. */
  readonly numbers: Float64Array;
  /** Memory that operations refer to by index. */
  readonly buffers: readonly (Uint8Array | Float32Array)[];
  /** Run lengths of masks that operations refer to by index. */
  readonly strings: readonly string[];
}
