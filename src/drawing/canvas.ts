import type { Rgb } from '../display/palette';
import { PaddleLabError } from '../errors';
import type { RgbImage } from '../image/image';
import { loadBinding } from '../native/binding';
import type { RleMask } from '../results';
import { DisplayList } from './display-list';
import { checkMaskSize, circlePoints, type Rectangle, roundedRect } from './geometry';
import { memoryFor } from './reusable-pixels';
import { layOutText, type PlacedGlyph } from './text';
import { renderVectors } from './vectors';

/** A point on the canvas, in pixels, origin at the top left corner of the first pixel. */
export type Point = readonly [x: number, y: number];

/** How a mask is painted: its inside, and its pixels at the edge. */
export interface MaskPaint {
  readonly fill: Rgb;
  /** 0 (invisible) to 1 (opaque). */
  readonly fillAlpha: number;
  readonly edge: Rgb;
  readonly edgeAlpha: number;
  /** Width of the edge in pixels. */
  readonly edgeWidth: number;
}

/** A mask with its paint. */
export interface PaintedMask {
  readonly mask: RleMask;
  readonly paint: MaskPaint;
}

/** Values for every position of the image, shown as colours. */
export interface HeatValues {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

type Step =
  | { readonly kind: 'list'; readonly list: DisplayList }
  | { readonly kind: 'vectors'; readonly svg: string[] }
  | { readonly kind: 'pixels'; readonly edit: (pixels: Uint8Array) => void };

/**
 * The canvas for annotators. Everything is drawn on top of what was drawn before, with the pixels of the image at the
 * bottom; the image itself is not changed, unless its pixels may be reused (`allowReuse`). Colours are red, green and
 * blue, alphas are from 0 (invisible) to 1 (opaque).
 */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly #image: RgbImage;
  readonly #steps: Step[] = [];
  readonly #missing = new Set<string>();

  constructor(image: RgbImage) {
    this.width = image.width;
    this.height = image.height;
    this.#image = image;
  }

  /** A filled rectangle of whole pixels, with round corners if a radius is given. */
  fillRect(rect: Rectangle, color: Rgb, alpha = 1, radius = 0): void {
    if (radius > 0) this.polygon([roundedRect(rect, radius)], color, alpha);
    else this.#list.add('rectangle', sides(rect), color, byte(alpha));
  }

  /** The outline of a rectangle, `line` pixels wide, inside the rectangle. */
  strokeRect(rect: Rectangle, line: number, color: Rgb, alpha = 1, radius = 0): void {
    const { left, top, width, height } = rect;
    const inner = { left: left + line, top: top + line, width: width - 2 * line, height: height - 2 * line };
    if (inner.width <= 0 || inner.height <= 0) {
      this.fillRect(rect, color, alpha, radius);
    } else if (radius > 0) {
      const hole = roundedRect(inner, Math.max(0, radius - line)).reverse();
      this.polygon([roundedRect(rect, radius), hole], color, alpha);
    } else {
      this.fillRect({ left, top, width, height: line }, color, alpha);
      this.fillRect({ left, top: top + height - line, width, height: line }, color, alpha);
      this.fillRect({ left, top: inner.top, width: line, height: inner.height }, color, alpha);
      this.fillRect({ left: left + width - line, top: inner.top, width: line, height: inner.height }, color, alpha);
    }
  }

  /** A smooth line through points, with round ends; `ends: 'closed'` connects the last point to the first. */
  line(points: readonly Point[], width: number, color: Rgb, alpha = 1, ends: 'open' | 'closed' = 'open'): void {
    if (points.length === 0 || !points.flat().every(Number.isFinite)) return;
    const closed = ends === 'closed' ? 1 : 0;
    this.#list.add('stroke', color, byte(alpha), width, closed, points.length, points.flat());
  }

  /** A filled area with smooth edges; contours in the opposite direction cut holes. */
  polygon(contours: readonly (readonly Point[])[], color: Rgb, alpha = 1): void {
    if (contours.length === 0 || !contours.flat(2).every(Number.isFinite)) return;
    const written = contours.flatMap((contour) => [contour.length, ...contour.flat()]);
    this.#list.add('path', color, byte(alpha), contours.length, written);
  }

  /** A filled circle; the radius is in pixels. */
  circle([x, y]: Point, radius: number, color: Rgb, alpha = 1): void {
    this.polygon([circlePoints(x, y, radius)], color, alpha);
  }

  /**
   * A line of text. With letters of the package's fonts (Latin, Greek, Cyrillic, Chinese) it looks the same on every machine; others
   * are drawn with other fonts (see `fonts`), or as boxes with their code points.
   *
   * @param x left end of the text, also of text from right to left
   */
  text(text: string, x: number, baseline: number, fontSize: number, color: Rgb, alpha = 1): void {
    const { placed, missing } = layOutText(text, x, baseline, fontSize);
    for (const one of placed) this.glyph(one, color, alpha);
    this.noteMissing(missing);
  }

  /** @internal Notes letters that no font has, for the picture's line. */
  noteMissing(letters: readonly string[]): void {
    for (const letter of letters) this.#missing.add(letter);
  }

  /** @internal The letters of its text that no font has. */
  get missingLetters(): readonly string[] {
    return [...this.#missing];
  }

  /** @internal One letter of a line whose layout is already computed. */
  glyph(placed: PlacedGlyph | undefined, color: Rgb, alpha = 1): void {
    if (placed === undefined) return;
    const { bitmap, left, top } = placed;
    const list = this.#list;
    list.add('coverage', list.buffer(bitmap.data), [left, top, bitmap.width, bitmap.height], color, byte(alpha));
  }

  /**
   * Paints the pixels of a mask over the whole image.
   *
   * @throws PaddleLabError INVALID_ARGUMENT (a mask of another size than the image)
   */
  mask(mask: RleMask, paint: MaskPaint): void {
    this.masks([{ mask, paint }]);
  }

  /**
   * Paints masks together: a pixel of several masks is painted once, by the smallest; of masks of the same size, by the first.
   *
   * @throws PaddleLabError INVALID_ARGUMENT (a mask of another size than the image)
   */
  masks(masks: readonly PaintedMask[]): void {
    const list = this.#list;
    const written = masks.flatMap(({ mask, paint }) => {
      checkMaskSize(mask, this);
      const tables = blendTables(paint);
      return [list.string(mask.counts), list.buffer(tables), Math.max(1, Math.round(paint.edgeWidth))];
    });
    list.add('masks', masks.length, written);
  }

  /**
   * Masks as drawn by PaddleDetection's script: each channel is computed in float32, and truncated to bytes at the end.
   */
  floatMasks(masks: readonly { readonly mask: RleMask; readonly color: readonly number[] }[], alpha: number): void {
    const list = this.#list;
    const written = masks.flatMap(({ mask, color }) => {
      checkMaskSize(mask, this);
      return [list.string(mask.counts), ...color];
    });
    list.add('floatMasks', alpha, masks.length, written);
  }

  /** Pixels with straight (not premultiplied) alpha, drawn with their top left corner at a position. */
  layer(rgba: RgbImage, left: number, top: number, alpha = 1): void {
    checkLength('rgba.data', rgba.data.length, rgba.width * rgba.height * 4);
    const list = this.#list;
    list.add(
      'layer',
      list.buffer(rgba.data),
      [Math.round(left), Math.round(top), rgba.width, rgba.height],
      byte(alpha),
    );
  }

  /** Makes the current content unrecognisable, in a rectangle or within a mask; `size` is a radius or a cell's side. */
  hide(how: 'blur' | 'pixelate', where: Rectangle | RleMask, size: number): void {
    const pixels = Math.max(1, Math.round(size));
    this.#list.add(how, this.#region(where), pixels);
  }

  /** Blurs and tints everything outside rectangles and masks; a radius of 0 does not blur, an alpha of 0 does not tint. */
  background(kept: readonly (Rectangle | RleMask)[], radius: number, color: Rgb, alpha: number): void {
    const regions = kept.flatMap((where) => this.#region(where));
    this.#list.add('background', color, byte(alpha), Math.max(0, Math.round(radius)), kept.length, regions);
  }

  /** A glow around a rectangle or a mask, which fades within about twice the radius; the inside is not changed. */
  halo(where: Rectangle | RleMask, radius: number, color: Rgb, alpha = 1): void {
    this.#list.add('halo', color, byte(alpha), Math.max(1, Math.round(radius)), this.#region(where));
  }

  /** Values stretched over the image, mapped to a table of 256 RGBA colours from `low` to `high`. */
  heatMap(values: HeatValues, colors: Uint8Array, low: number, high: number): void {
    const list = this.#list;
    checkLength('values.data', values.data.length, values.width * values.height);
    checkLength('colors', colors.length, 1024);
    const size = [values.width, values.height];
    list.add('heatMap', list.buffer(values.data), size, low, high, list.buffer(colors));
  }

  /** SVG elements, in pixels with the origin top left. `<text>` elements depend on the fonts of the machine. */
  addVector(svg: string): void {
    const last = this.#steps.at(-1);
    if (last?.kind === 'vectors') last.svg.push(svg);
    else this.#steps.push({ kind: 'vectors', svg: [svg] });
  }

  /** Changes the current pixels with a function: RGB, 8 bits each, rows from the top. */
  editPixels(edit: (pixels: Uint8Array) => void): void {
    this.#steps.push({ kind: 'pixels', edit });
  }

  /** The pixels of the image with everything drawn on them. */
  async render(): Promise<Uint8Array> {
    const { width, height } = this;
    const target = memoryFor(this.#image);
    let source = this.#image.data;
    const draw = async (list: DisplayList): Promise<void> => {
      await loadBinding().draw({ source, target, width, height, ...list.finish() });
      source = target;
    };
    if (this.#steps[0]?.kind !== 'list' && source !== target) await draw(new DisplayList());
    for (const step of this.#steps) {
      if (step.kind === 'list') await draw(step.list);
      else if (step.kind === 'pixels') step.edit(target);
      else await draw(await renderVectors(step.svg, this));
    }
    return target;
  }

  /** The operands of an area: the mask, or −1 and the rectangle. */
  #region(where: Rectangle | RleMask): number[] {
    if (!('counts' in where)) return [-1, ...sides(where)];
    checkMaskSize(where, this);
    return [this.#list.string(where.counts), 0, 0, 0, 0];
  }

  /** The display list that new operations are added to. */
  get #list(): DisplayList {
    const last = this.#steps.at(-1);
    if (last?.kind === 'list') return last.list;
    const list = new DisplayList();
    this.#steps.push({ kind: 'list', list });
    return list;
  }
}

/** Whole pixels, limited to a safe range for the addon's integers. */
function sides({ left, top, width, height }: Rectangle): number[] {
  return [left, top, width, height].map((side) => Math.round(Math.max(-1e8, Math.min(1e8, side || 0))));
}

function checkLength(name: string, length: number, expected: number): void {
  if (length === expected) return;
  throw new PaddleLabError('INVALID_ARGUMENT', `Expected ${expected} numbers for ${name} but received ${length}`);
}

function byte(alpha: number): number {
  return Math.round(Math.min(1, Math.max(0, alpha)) * 255);
}

/** For a mask's inside, then for its edge. */
function blendTables({ fill, fillAlpha, edge, edgeAlpha }: MaskPaint): Uint8Array {
  return Uint8Array.from([...blendTable(fill, fillAlpha), ...blendTable(edge, edgeAlpha)]);
}

/** For each channel, the new value of every old one. */
function blendTable(color: Rgb, alpha: number): number[] {
  return color.flatMap((value) => Array.from({ length: 256 }, (_, old) => Math.round(old + (value - old) * alpha)));
}
