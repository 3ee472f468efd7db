import { number, type OptionChecks, oneOf, readOptions } from '../../options';
import { checkOneOf, invalidArgument } from '../../validate';
import type { Canvas } from '../canvas';
import { clamp, outlineOf, overlapArea, type Rectangle } from '../geometry';
import { placeLabel } from '../label-placement';
import { labelEms, labelHeight, labelPadding, labelWidth, writeOnPlate } from '../label-plate';
import { fitText, textWidth } from '../text';
import type { Annotator, SceneObject } from './annotator';

/** A part of a label: `#7`, the name of the class, or `0.98`; an object without one of them has the others. */
export type LabelPart = 'track' | 'name' | 'score';
const parts: readonly LabelPart[] = ['track', 'name', 'score'];

/** A place at an object's box; `auto` is the first that is free. */
export type LabelPosition = 'auto' | 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right' | 'center';
const positions: readonly LabelPosition[] = ['auto', 'top-left', 'top-right', 'bottom-left', 'bottom-right', 'center'];

/** Text, place and size of the labels. */
export interface LabelOptions {
  /** The parts in order, default `['name', 'track', 'score']`; or a function that returns the text, '' for no label. */
  readonly text?: readonly LabelPart[] | ((item: SceneObject) => string);
  /** Default `auto`. */
  readonly position?: LabelPosition;
  /** Size of the font in pixels, 4 to 1000; default: depends on the image's size. */
  readonly size?: number;
  /** Labels without a free place cover others (`overlap`, default) or are left out (`omit`). */
  readonly crowded?: 'overlap' | 'omit';
}

const checks = {
  text: checkText,
  position: oneOf(positions),
  size: number(4, 1000),
  crowded: oneOf(['overlap', 'omit']),
} satisfies OptionChecks<LabelOptions>;

interface LabelText {
  readonly text: string;
  readonly fontSize: number;
}

/**
 * Writes `name 0.98`, or `name #3 0.98` of a tracked object, at each object's box on its colour, in black or white,
 * depending on contrast.
 *
 * Positions are assigned from the best score down, and labels with better scores are on top.
 */
export function createLabel(options: LabelOptions = {}): Annotator {
  const given = readOptions('label', options, checks);
  const { text = ['name', 'track', 'score'], position = 'auto', size, crowded = 'overlap' } = given;
  return (canvas, { objects, style }) => {
    const placed: Rectangle[] = [];
    const labels: (() => void)[] = [];
    for (const item of objects) {
      const outline = outlineOf(item.box, style.line, canvas);
      if (outline === undefined) continue;
      const label = fitLabel(item, text, size ?? style.fontSize, canvas);
      if (label.text === '') continue;
      const spot = placeAt(position, outline, labelSize(label, canvas), canvas, placed);
      if (crowded === 'omit' && placed.some((other) => overlapArea(spot, other) > 0)) continue;
      placed.push(spot);
      labels.push(() => writeOnPlate(canvas, label.text, label.fontSize, spot, style.colorOf(item)));
    }
    for (const draw of labels.reverse()) draw();
  };
}

function checkText(name: string, value: unknown): LabelOptions['text'] & {} {
  if (typeof value === 'function') return value as (item: SceneObject) => string;
  if (!Array.isArray(value)) throw invalidArgument(name, `array of ${parts.join(', ')}, or a function,`, value);
  return value.map((part: unknown, index) => checkOneOf(`${name}[${index}]`, part, parts));
}

type Size = Pick<Rectangle, 'width' | 'height'>;

function labelSize({ text, fontSize }: LabelText, canvas: Canvas): Size {
  return {
    width: Math.min(canvas.width, labelWidth(text, fontSize)),
    height: Math.min(canvas.height, labelHeight(fontSize)),
  };
}

function placeAt(
  position: LabelPosition,
  box: Rectangle,
  size: Size,
  canvas: Canvas,
  placed: readonly Rectangle[],
): Rectangle {
  if (position === 'auto') return placeLabel(box, size, canvas, placed);
  const middle = [box.left + (box.width - size.width) / 2, box.top + (box.height - size.height) / 2] as const;
  const left = position.endsWith('left') ? box.left : box.left + box.width - size.width;
  const top = position.startsWith('top') ? box.top - size.height : box.top + box.height;
  const [x, y] = position === 'center' ? middle : [left, top];
  return {
    left: clamp(Math.round(x), 0, canvas.width - size.width),
    top: clamp(Math.round(y), 0, canvas.height - size.height),
    ...size,
  };
}

/** Fits the text into the image: the name is shortened first, then omitted, then the font is made smaller. */
function fitLabel(item: SceneObject, wanted: LabelOptions['text'] & {}, size: number, canvas: Canvas): LabelText {
  const fontSize = Math.min(size, canvas.height / labelEms);
  const room = canvas.width - 2 * labelPadding * fontSize;
  if (typeof wanted === 'function') {
    const text: unknown = wanted(item);
    if (typeof text !== 'string') throw invalidArgument('the result of text', 'string', text);
    return { text: fitText(text, fontSize, room), fontSize };
  }
  const others = textOf(item, wanted, '');
  const name = wanted.includes('name')
    ? fitText(item.label, fontSize, room - (others === '' ? 0 : textWidth(` ${others}`, fontSize)))
    : '';
  if (name !== '') return { text: textOf(item, wanted, name), fontSize };
  const width = textWidth(others, fontSize);
  const shrink = Math.max(0, canvas.width / (width + 2 * labelPadding * fontSize));
  return { text: others, fontSize: width > room ? fontSize * shrink : fontSize };
}

function textOf({ trackId, score }: SceneObject, wanted: readonly LabelPart[], name: string): string {
  const texts: Readonly<Record<LabelPart, string>> = {
    track: trackId === undefined ? '' : `#${trackId}`,
    name,
    score: score === undefined ? '' : score.toFixed(2),
  };
  return wanted
    .map((part) => texts[part])
    .filter((text) => text !== '')
    .join(' ');
}
