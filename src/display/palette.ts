/** A colour as red, green and blue, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * The palettes by name: `default` is safe for colour-blind people, `paddle` is that of Paddle's own Python scripts.
 */
export const paletteNames = ['default', 'paddle'] as const;
/** The palettes by name. */
export type PaletteName = (typeof paletteNames)[number];

/** Okabe and Ito's colours without black and grey, ordered so that neighbours differ in hue and in lightness. */
const okabeIto: readonly Rgb[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [213, 94, 0],
  [86, 180, 233],
  [204, 121, 167],
  [240, 228, 66],
];

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];

/**
 * The colour of a class: the same in every picture and table.
 *
 * @param classId index into the model's labels, an integer ≥ 0
 */
export function classColor(classId: number, palette: PaletteName = 'default'): Rgb {
  return palette === 'paddle' ? paddleColor(classId) : defaultColor(classId);
}

/**
 * Seven hues, then the same darker, then lighter; with more than 21 classes colours repeat, because more can't be
 * distinguished.
 */
function defaultColor(classId: number): Rgb {
  const hue = okabeIto[classId % okabeIto.length] ?? black;
  const round = Math.floor(classId / okabeIto.length) % 3;
  return round === 0 ? hue : mix(hue, round === 1 ? black : white, 0.4);
}

/** Paddle's (and PASCAL VOC's) bit formula: every three bits of the index give the next lower bit of r, g and b. */
function paddleColor(index: number): Rgb {
  let [red, green, blue] = [0, 0, 0];
  for (let rest = index, shift = 7; rest > 0 && shift >= 0; rest >>= 3, shift--) {
    red |= (rest & 1) << shift;
    green |= ((rest >> 1) & 1) << shift;
    blue |= ((rest >> 2) & 1) << shift;
  }
  return [red, green, blue];
}

/** The colour at `share` (0 to 1) of the way from one to another. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [channel(0), channel(1), channel(2)];
}

/** A darker tone of the same hue, for outlines. */
export function darken(color: Rgb, share: number): Rgb {
  return mix(color, black, share);
}

/** Black or white, whichever has more contrast with the colour (WCAG's contrast ratio). */
export function readableOn(color: Rgb): Rgb {
  const luminance = relativeLuminance(color);
  return (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? black : white;
}

/** WCAG's relative luminance, 0 to 1. */
export function relativeLuminance(color: Rgb): number {
  const linear = (value: number): number => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
}

/** `#rrggbb`, for SVG and HTML. */
export function toHex(color: Rgb): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
