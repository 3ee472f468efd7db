import { inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import { tableBundle, tableText } from '../display/result-table';
import { anchorPoint } from '../objects/anchors';
import { type FollowedObject, followObjects } from '../objects/followed-object';
import { ClassCounts } from './class-counts';
import { SettledSides } from './settled-sides';
import { FrameClock, type ZoneSettings, type ZoneUpdateOptions } from './zone-options';
import type { LineShape } from './zone-shape';

/** How often objects of a class crossed a line. */
export interface LineClassCounts {
  readonly classId: number;
  readonly label: string;
  readonly in: number;
  readonly out: number;
}

/** How often objects crossed a line. */
export interface LineCounts {
  readonly in: number;
  readonly out: number;
  /** Classes of which an object crossed, by their numbers. */
  readonly byClass: readonly LineClassCounts[];
}

/** The objects that crossed a line with a frame. */
export interface LineCrossings<O> {
  readonly in: readonly O[];
  readonly out: readonly O[];
}

type Side = 'left' | 'right';

/** A line that counts the objects crossing it; made by `createZone`. */
export class LineZone {
  readonly shape: LineShape;
  readonly name: string | undefined;
  private readonly settings: ZoneSettings;
  private readonly clock: FrameClock;
  private readonly sides: SettledSides<Side>;
  private readonly counted = new ClassCounts(['in', 'out']);

  /** @internal Use `createZone`. */
  constructor(shape: LineShape, settings: ZoneSettings) {
    this.shape = shape;
    this.settings = settings;
    this.name = settings.name;
    this.clock = new FrameClock(settings.fps);
    this.sides = new SettledSides(settings.minFrames);
  }

  /** The counts of all frames so far. */
  get counts(): LineCounts {
    return { ...this.counted.total, byClass: this.counted.byClass };
  }

  /**
   * Takes the objects of the next frame. Call it for each frame, also for those without objects. Objects without an id are
   * not counted.
   *
   * @returns those that crossed the line with this frame
   * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
   */
  update<O extends FollowedObject>(objects: readonly O[], options: ZoneUpdateOptions = {}): LineCrossings<O> {
    const known = followObjects(objects, this.settings.idsPerClass);
    this.clock.next(options);
    const crossed: { readonly in: O[]; readonly out: O[] } = { in: [], out: [] };
    for (const { object, key } of known) {
      const side = this.sideOf(object);
      if (side === undefined) continue;
      const change = this.sides.see(key, side);
      if (change?.from === undefined) continue;
      const way = change.to === 'left' ? 'in' : 'out';
      crossed[way].push(object);
      this.counted.add(object, way);
    }
    return crossed;
  }

  /** Forgets all objects and counts, for the start of another video. */
  reset(): void {
    this.clock.reset();
    this.sides.clear();
    this.counted.clear();
  }

  /** Undefined on the line, and beside its ends. */
  private sideOf({ box }: FollowedObject): Side | undefined {
    const { from, to } = this.shape;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy);
    let [nearest, farthest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const anchor of this.settings.anchors) {
      const [x, y] = anchorPoint(box, anchor);
      const along = ((x - from[0]) * dx + (y - from[1]) * dy) / length;
      if (along < 0 || along > length) return undefined;
      const right = (dx * (y - from[1]) - dy * (x - from[0])) / length;
      nearest = Math.min(nearest, right);
      farthest = Math.max(farthest, right);
    }
    const { margin } = this.settings;
    if (farthest < 0 && farthest <= -margin) return 'left';
    return nearest > 0 && nearest >= margin ? 'right' : undefined;
  }

  private table(): [headline: string, table: Parameters<typeof tableBundle>[1]] {
    const { in: inward, out, byClass } = this.counts;
    const rows = byClass.map((row) => [row.label, row.in, row.out]);
    const columns = ['class', 'in', 'out'];
    const headline = `${this.name ?? 'line'}: ${inward} in, ${out} out after ${this.clock.frame} frames`;
    return [headline, { columns, rows, classIds: byClass.map(({ classId }) => classId) }];
  }

  [jupyterDisplay](): MimeBundle {
    return tableBundle(...this.table());
  }

  [inspectCustom](): string {
    return tableText(...this.table());
  }
}
