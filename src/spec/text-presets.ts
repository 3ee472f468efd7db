/** The pipelines whose parameters are taken for reading text; they differ. */
export type TextPreset = 'paddlex' | 'rapidocr';

/** How lines of text become the recogniser's input. */
export interface LinePreset {
  /** Wider lines are squeezed to this width; undefined: there is no limit. */
  readonly widest: number | undefined;
  /**
   * Whether the lines of a batch are resized for the widest of them; otherwise each as if it were alone, and then padded.
   * A long line is one column wider beside a longer one than alone.
   */
  readonly sharesWidth: boolean;
}

/** PaddleX 3, and RapidOCR 1.4. */
export const linePresets: Readonly<Record<TextPreset, LinePreset>> = {
  paddlex: { widest: 3200, sharesWidth: false },
  rapidocr: { widest: undefined, sharesWidth: true },
};

/** How regions of text are found. */
export interface RegionPreset {
  readonly pixelThreshold: number;
  readonly boxThreshold: number;
  readonly unclipRatio: number;
  readonly dilation: boolean;
}

/** PaddleX 3 for a configuration that leaves them out, and RapidOCR 1.4. */
export const regionPresets: Readonly<Record<TextPreset, RegionPreset>> = {
  paddlex: { pixelThreshold: 0.3, boxThreshold: 0.6, unclipRatio: 2, dilation: false },
  rapidocr: { pixelThreshold: 0.3, boxThreshold: 0.5, unclipRatio: 1.6, dilation: true },
};
