import { boxAround } from '../drawing/geometry';
import { type Quad, quadSize } from '../image/crop-quads';
import type { Crop } from '../image/raw-pixels';
import { smallestQuads } from '../image/smallest-quads';
import { sharedArea } from '../metrics/polygon-overlap';
import { quadArea } from '../metrics/quad-overlap';
import type { TextRegion } from '../results';

/** A region that was found in a tile, in pixels of the whole image. */
export interface TileRegion extends TextRegion {
  readonly tile: Crop;
}

/** Regions of two tiles are of one line if they share this much of what the smaller one has in both tiles. */
const sameLine = 0.5;
/** A part that extends another one by less than this share of the line's height is dropped. */
const addsNothing = { inside: 0.5, further: 0.2 };

/**
 * The regions of tiles that overlap, each line once and whole: what was found of it in several tiles is joined. A line that
 * is whole in one tile stays as it was found there.
 */
export function joinRegions(found: readonly TileRegion[]): TextRegion[] {
  const lines = new Lines(found.map(partOf));
  const byTile = groupBy(lines.parts, ({ tile }) => tile);
  for (const [tile, parts] of byTile) {
    for (const [other, others] of byTile) {
      if (other === tile) break;
      const both = sharedBox(boxOf(tile), boxOf(other));
      if (both !== undefined) joinAcross(lines, both, [parts, others]);
    }
  }
  return lines.groups().map(joinedLine);
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

interface Part extends TileRegion {
  readonly index: number;
  readonly corners: readonly number[];
  readonly area: number;
  readonly box: Box;
}

function partOf(region: TileRegion, index: number): Part {
  const corners = region.polygon.flat();
  return { ...region, index, corners, area: quadArea(corners), box: boxAround(region.polygon) };
}

/** The parts, and which of them are of one line. */
class Lines {
  private readonly leaders: number[];

  constructor(readonly parts: readonly Part[]) {
    this.leaders = parts.map((_, i) => i);
  }

  join(a: Part, b: Part): void {
    this.leaders[this.leader(a.index)] = this.leader(b.index);
  }

  groups(): Part[][] {
    return [...groupBy(this.parts, ({ index }) => this.leader(index)).values()];
  }

  private leader(index: number): number {
    let at = index;
    while (this.leaders[at] !== at) at = this.leaders[at] as number;
    return at;
  }
}

/** Joins the parts of two tiles that are of one line; `both` is what the tiles share. */
function joinAcross(lines: Lines, both: Box, sides: readonly [readonly Part[], readonly Part[]]): void {
  const corners = cornersOf(both);
  const [first, second] = sides.map((parts) => parts.filter(({ box }) => sharedBox(box, both) !== undefined));
  for (const a of first as Part[]) {
    for (const b of second as Part[]) {
      if (sharedBox(a.box, b.box) === undefined) continue;
      const least = Math.min(sharedArea(a.corners, corners), sharedArea(b.corners, corners));
      if (sharedArea(a.corners, b.corners) > sameLine * least) lines.join(a, b);
    }
  }
}

function boxOf({ left, top, width, height }: Crop): Box {
  return [left, top, left + width, top + height];
}

function sharedBox(a: Box, b: Box): Box | undefined {
  const [left, top] = [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  const [right, bottom] = [Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return left < right && top < bottom ? [left, top, right, bottom] : undefined;
}

function cornersOf([left, top, right, bottom]: Box): readonly number[] {
  return [left, top, right, top, right, bottom, left, bottom];
}

function joinedLine(parts: readonly Part[]): TextRegion {
  const kept: Part[] = [];
  for (const part of parts.toSorted((a, b) => b.area - a.area)) {
    if (!kept.some((larger) => isPartOf(part, larger))) kept.push(part);
  }
  const [only, ...others] = kept as [Part, ...Part[]];
  if (others.length === 0) return { polygon: only.polygon, score: only.score };
  const area = kept.reduce((sum, part) => sum + part.area, 0);
  const score = kept.reduce((sum, part) => sum + (part.score * part.area) / area, 0);
  const [polygon] = smallestQuads([kept.flatMap((part) => part.polygon)]) as [Quad];
  return { polygon, score };
}

function isPartOf(part: Part, larger: Part): boolean {
  if (sharedArea(part.corners, larger.corners) <= addsNothing.inside * part.area) return false;
  const [from, to] = axisOf(larger);
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const along = ([x, y]: Point): number =>
    ((x - from[0]) * (to[0] - from[0]) + (y - from[1]) * (to[1] - from[1])) / length;
  const [own, others] = [part, larger].map(({ polygon }) => polygon.map(along)) as [number[], number[]];
  const further = Math.max(Math.max(...own) - Math.max(...others), Math.min(...others) - Math.min(...own));
  return further <= addsNothing.further * heightOf(larger);
}

type Point = Quad[number];

/** The longer side of the smallest rectangle around a region. */
function axisOf({ polygon }: TextRegion): readonly [Point, Point] {
  const [quad] = smallestQuads([polygon]) as [Quad];
  const [a, b, c] = quad as readonly [Point, Point, Point];
  return Math.hypot(b[0] - a[0], b[1] - a[1]) >= Math.hypot(c[0] - b[0], c[1] - b[1]) ? [a, b] : [b, c];
}

/** The shorter side of the smallest rectangle around it. */
export function heightOf({ polygon }: Pick<TextRegion, 'polygon'>): number {
  const [quad] = smallestQuads([polygon]) as [Quad];
  const { width, height } = quadSize(quad);
  return Math.min(width, height);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
