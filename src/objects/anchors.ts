import { type Check, listOf, oneOf } from '../options';
import type { Box } from '../results';
import { invalidArgument } from '../validate';

/** A point of a box. */
export type Anchor =
  | ('center' | 'center-left' | 'center-right')
  | ('top-center' | 'top-left' | 'top-right')
  | ('bottom-center' | 'bottom-left' | 'bottom-right');

type Place = readonly [x: number, y: number];

/** Where each anchor is, as shares of the box's width and height. */
const places: { readonly [A in Anchor]: Place } = {
  center: [0.5, 0.5],
  'center-left': [0, 0.5],
  'center-right': [1, 0.5],
  'top-center': [0.5, 0],
  'top-left': [0, 0],
  'top-right': [1, 0],
  'bottom-center': [0.5, 1],
  'bottom-left': [0, 1],
  'bottom-right': [1, 1],
};

export const anchorNames: readonly Anchor[] = Object.keys(places) as Anchor[];
const anchorList = listOf('list of anchors', oneOf(anchorNames));

export const corners: readonly Anchor[] = ['top-left', 'top-right', 'bottom-left', 'bottom-right'];

/** Refuses a list without any, with which every object would be on both sides. */
export const anchors: Check<readonly Anchor[]> = (name, value) => {
  const checked = anchorList(name, value);
  if (checked.length === 0) throw invalidArgument(name, 'list of one anchor or more', value);
  return checked;
};

export function anchorPoint([x1, y1, x2, y2]: Box, anchor: Anchor): Place {
  const [along, down] = places[anchor];
  return [x1 + along * (x2 - x1), y1 + down * (y2 - y1)];
}
