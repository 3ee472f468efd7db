import { inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import { tableBundle, tableText } from '../display/result-table';
import { anchorPoint } from '../objects/anchors';
import { checkObject, type FollowedObject, followObjects } from '../objects/followed-object';
import { ClassCounts } from './class-counts';
import { distanceToOutline, isInside } from './polygon';
import { SettledSides } from './settled-sides';
import { Stays, type ZoneStay } from './stays';
import { FrameClock, type ZoneSettings, type ZoneUpdateOptions } from './zone-options';
import type { PolygonShape } from './zone-shape';

/** What was counted of a class in a polygon. */
export interface PolygonClassCounts {
  readonly classId: number;
  readonly label: string;
  /** How often objects were seen coming in and going out. */
  readonly in: number;
  readonly out: number;
  /** Different objects that were inside, also those that were first seen there. */
  readonly objects: number;
  /** Objects inside in the last frame. */
  readonly inside: number;
}

/** What was counted in a polygon. */
export interface PolygonCounts extends Omit<PolygonClassCounts, 'classId' | 'label'> {
  /** Classes of which an object was inside, by their numbers. */
  readonly byClass: readonly PolygonClassCounts[];
}

/** What a frame changed in a polygon. */
export interface PolygonChanges<O> {
  /** The objects that are inside in this frame. */
  readonly inside: readonly O[];
  /** Those that came in and went out with this frame. */
  readonly in: readonly O[];
  readonly out: readonly O[];
  /** The stays of those that went out. */
  readonly ended: readonly ZoneStay[];
}

type Side = 'inside' | 'outside';

/** An area that counts the objects in it and measures how long they stay; made by `createZone`. */
export class PolygonZone {
  readonly shape: PolygonShape;
  readonly name: string | undefined;
  private readonly settings: ZoneSettings;
  private readonly clock: FrameClock;
  private readonly sides: SettledSides<Side>;
  private readonly visits = new Stays();
  private readonly counted = new ClassCounts(['in', 'out', 'objects', 'inside']);
  private readonly known = new Set<string>();
  private present: readonly FollowedObject[] = [];

  /** @internal Use `createZone`. */
  constructor(shape: PolygonShape, settings: ZoneSettings) {
    this.shape = shape;
    this.settings = settings;
    this.name = settings.name;
    this.clock = new FrameClock(settings.fps);
    this.sides = new SettledSides(settings.minFrames);
  }

  /** The counts of all frames so far. */
  get counts(): PolygonCounts {
    const all = this.counted.copy();
    for (const object of this.present) all.add(object, 'inside');
    return { ...all.total, byClass: all.byClass };
  }

  /** How long each object was inside, in the order in which they came; one that came back has several. */
  get stays(): readonly ZoneStay[] {
    return this.visits.list;
  }

  /** Whether a box is inside, by the zone's anchors and in this frame alone; also for objects without an id. */
  contains(object: FollowedObject): boolean {
    checkObject('object', object);
    return this.settings.anchors.every((anchor) => isInside(anchorPoint(object.box, anchor), this.shape.points));
  }

  /**
   * Takes the objects of the next frame. Call it for each frame, also for those without objects. Objects without an id are
   * not counted.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
   */
  update<O extends FollowedObject>(objects: readonly O[], options: ZoneUpdateOptions = {}): PolygonChanges<O> {
    const known = followObjects(objects, this.settings.idsPerClass);
    this.clock.next(options);
    const changes = { inside: [] as O[], in: [] as O[], out: [] as O[], ended: [] as ZoneStay[] };
    for (const { object, id, key } of known) {
      const side = this.sideOf(object);
      const change = side === undefined ? undefined : this.sides.see(key, side);
      if (side === 'inside') this.visits.seenInside(key, object, this.clock);
      if (side === 'outside') this.visits.seenOutside(key);
      if (change?.to === 'inside') {
        this.visits.begin(key, id, object, this.clock);
        if (!this.known.has(key)) this.counted.add(object, 'objects');
        this.known.add(key);
      }
      if (change?.from !== undefined) {
        const way = change.to === 'inside' ? 'in' : 'out';
        changes[way].push(object);
        this.counted.add(object, way);
        if (way === 'out') changes.ended.push(this.visits.end(key));
      }
      if (this.sides.sideOf(key) === 'inside') changes.inside.push(object);
    }
    this.present = changes.inside;
    return changes;
  }

  /** Forgets all objects and counts, for the start of another video. */
  reset(): void {
    this.clock.reset();
    this.sides.clear();
    this.visits.clear();
    this.counted.clear();
    this.known.clear();
    this.present = [];
  }

  /** Undefined where an anchor is too near to the outline. */
  private sideOf(object: FollowedObject): Side | undefined {
    const { anchors, margin } = this.settings;
    const { points } = this.shape;
    const places = anchors.map((anchor) => anchorPoint(object.box, anchor));
    const far = (place: (typeof places)[number]) => margin === 0 || distanceToOutline(place, points) >= margin;
    const outside = places.filter((place) => !isInside(place, points));
    if (outside.length > 0) return outside.some(far) ? 'outside' : undefined;
    return places.every(far) ? 'inside' : undefined;
  }

  private table(): [headline: string, table: Parameters<typeof tableBundle>[1]] {
    const { byClass, ...all } = this.counts;
    const rows = byClass.map((row) => [row.label, row.in, row.out, row.objects, row.inside]);
    const columns = ['class', 'in', 'out', 'objects', 'inside'];
    const counts = `${all.in} in, ${all.out} out, ${all.objects} objects, ${all.inside} inside`;
    const headline = `${this.name ?? 'polygon'}: ${counts} after ${this.clock.frame} frames`;
    return [headline, { columns, rows, classIds: byClass.map(({ classId }) => classId) }];
  }

  [jupyterDisplay](): MimeBundle {
    return tableBundle(...this.table());
  }

  [inspectCustom](): string {
    return tableText(...this.table());
  }
}
