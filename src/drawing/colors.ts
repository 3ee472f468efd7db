import { classColor, type PaletteName, paletteNames, type Rgb } from '../display/palette';
import { type Check, listOf } from '../options';
import { checkOneOf, invalidArgument } from '../validate';

/** A colour: `'#0072b2'`, or red, green and blue from 0 to 255. */
export type Color = string | Rgb;

/** A palette by its name, or your own colours, one for each class; with more classes they repeat. */
export type Palette = PaletteName | readonly Color[];

const hex = /^#[0-9a-f]{6}$/i;

/** Checks a colour and returns it as numbers. */
export const checkColor: Check<Rgb> = (name, value) => {
  if (typeof value === 'string' && hex.test(value)) {
    const number = Number.parseInt(value.slice(1), 16);
    return [number >> 16, (number >> 8) & 255, number & 255];
  }
  const isByte = (channel: unknown): boolean =>
    Number.isInteger(channel) && Number(channel) >= 0 && Number(channel) < 256;
  if (Array.isArray(value) && value.length === 3 && value.every(isByte)) return [value[0], value[1], value[2]];
  throw invalidArgument(name, 'colour, such as "#0072b2" or [0, 114, 178],', value);
};

export const checkPalette: Check<Palette> = (name, value) => {
  if (!Array.isArray(value)) return checkOneOf(name, value, paletteNames);
  if (value.length === 0) throw invalidArgument(name, 'at least one colour', value);
  return listOf('array of colours', checkColor)(name, value);
};

/** The colours of a palette by number; the numbers of classes are integers ≥ 0. */
export function colorsOf(palette: Palette): (index: number) => Rgb {
  if (typeof palette === 'string') return (index) => classColor(index, palette);
  const colors = palette.map((color, index) => checkColor(`palette[${index}]`, color));
  return (index) => colors[index % colors.length] as Rgb;
}
