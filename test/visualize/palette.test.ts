import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { classColor, type Rgb, readableOn, toHex } from '../../src/display/palette';

function paddleBytes(count: number): Uint8Array {
  return Uint8Array.from(Array.from({ length: count }, (_, index) => classColor(index, 'paddle')).flat());
}

describe('palettes', () => {
  it('has exactly Paddle’s colours', () => {
    const first = Array.from({ length: 10 }, (_, index) => toHex(classColor(index, 'paddle')));
    expect(first.slice(0, 5)).toEqual(['#000000', '#800000', '#008000', '#808000', '#000080']);
    expect(first.slice(5)).toEqual(['#800080', '#008080', '#808080', '#400000', '#c00000']);
    expect(crc32(paddleBytes(80)).toString(16)).toBe('a8572b35');
    expect(crc32(paddleBytes(81)).toString(16)).toBe('96aace1a');
    expect(crc32(paddleBytes(256)).toString(16)).toBe('dc7eb1db');
  });

  it('has 21 distinct colours by default', () => {
    const colors = Array.from({ length: 21 }, (_, index) => toHex(classColor(index)));
    expect(new Set(colors).size).toBe(21);
    expect(classColor(21)).toEqual(classColor(0));
  });

  it('text is black on light colours and white on dark ones', () => {
    const dark: Rgb[] = [
      [0, 0, 0],
      [0, 114, 178],
      [128, 0, 0],
    ];
    const light: Rgb[] = [
      [255, 255, 255],
      [240, 228, 66],
      [86, 180, 233],
    ];
    for (const color of dark) expect(readableOn(color)).toEqual([255, 255, 255]);
    for (const color of light) expect(readableOn(color)).toEqual([0, 0, 0]);
  });
});
