import { corners } from '../objects/anchors';
import { LineZone } from './line-zone';
import { PolygonZone } from './polygon-zone';
import { readSettings, type ZoneOptions } from './zone-options';
import { checkShape, type LineShape, type PolygonShape, type ZoneShape } from './zone-shape';

/**
 * Makes a zone of a video's frames, which counts tracked objects: a line that they cross, or a polygon that they enter,
 * leave and stay in. `in` is to the left of the line, as seen from `from` to `to`. A line counts what passes between its
 * ends. An object that is lost and found again with the same id is the same object.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { createTracker, createZone, predictStream } from 'paddlelab';
 * const tracker = createTracker('oc-sort');
 * const door = createZone({ kind: 'line', from: [0, 120], to: [320, 120] }, { name: 'door' });
 * for await (const { detections } of predictStream(model, ['shapes.png', 'shapes.png'])) {
 *   door.update(tracker.update(detections));
 * }
 * console.log(door.counts.in, door.counts.out);
 */
export function createZone(shape: LineShape, options?: ZoneOptions): LineZone;
export function createZone(shape: PolygonShape, options?: ZoneOptions): PolygonZone;
export function createZone(shape: ZoneShape, options?: ZoneOptions): LineZone | PolygonZone;
export function createZone(shape: ZoneShape, options: ZoneOptions = {}): LineZone | PolygonZone {
  const checked = checkShape(shape);
  switch (checked.kind) {
    case 'line':
      return new LineZone(checked, readSettings(options, corners));
    case 'polygon':
      return new PolygonZone(checked, readSettings(options, ['bottom-center']));
  }
}
