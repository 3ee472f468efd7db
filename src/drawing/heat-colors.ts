import type { Rgb } from '../display/palette';

/**
 * From dark blue over teal and green to yellow: even steps of lightness, also distinguishable for colour-blind people.
 */
const stops: readonly Rgb[] = [
  [38, 30, 92],
  [42, 88, 142],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

/** 256 colours as red, green, blue and alpha; the alpha grows to `opacity`, so that low values hide nothing. */
export function heatColors(opacity: number): Uint8Array {
  const table = new Uint8Array(1024);
  for (let index = 0; index < 256; index++) {
    const position = (index / 255) * (stops.length - 1);
    const [from, to] = [stops[Math.floor(position)], stops[Math.ceil(position)]];
    const share = position % 1;
    for (const channel of [0, 1, 2] as const) {
      const [low, high] = [from?.[channel] ?? 0, to?.[channel] ?? 0];
      table[index * 4 + channel] = Math.round(low + (high - low) * share);
    }
    table[index * 4 + 3] = Math.round(255 * opacity * Math.min(1, index / 128));
  }
  return table;
}
