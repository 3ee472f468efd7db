import { PaddleLabError } from '../../errors';
import { number, type OptionChecks, readOptions } from '../../options';
import type { Point } from '../canvas';
import { checkHistory, type ObjectHistory } from '../object-history';
import type { Annotator, SceneObject } from './annotator';

/** The frames whose places are connected. */
export interface TraceOptions {
  /** Where the objects were; the frame that is drawn is added to it. */
  readonly history: ObjectHistory;
  /** Width of the line in pixels, 0.5 to 1000; default: depends on the image's size. */
  readonly width?: number;
}

const checks = {
  history: checkHistory,
  width: number(0.5, 1000),
} satisfies OptionChecks<TraceOptions>;

/** Draws the way of each object over the last frames; older parts are thinner and paler. Objects need a `trackId`. */
export function createTrace(options: TraceOptions): Annotator {
  const { history, width } = readOptions('trace', options ?? {}, checks);
  checkHistory('history', history);
  return (canvas, scene) => {
    const { objects, style } = scene;
    if (objects.length > 0 && objects.every(({ trackId }) => trackId === undefined)) throw refuseIds();
    history.add(scene);
    for (const item of objects.toReversed()) {
      const points = wayOf(item, history);
      const color = style.colorOf(item);
      points.slice(1).forEach((point, index) => {
        const share = (index + 1) / (points.length - 1);
        const line = (width ?? style.line * 1.5) * (0.4 + 0.6 * share);
        canvas.line([points[index] as Point, point], line, color, 0.25 + 0.75 * share);
      });
      const end = points.at(-1);
      if (end !== undefined) canvas.circle(end, (width ?? style.line * 1.5) * 1.2, color);
    }
  };
}

/** Trackers that follow each class by itself, such as ByteTrack, give the same numbers to objects of different classes. */
function wayOf({ trackId, classId }: SceneObject, { frames }: ObjectHistory): Point[] {
  if (trackId === undefined) return [];
  return frames.flatMap((places) => {
    const place = places.find((one) => one.trackId === trackId && one.classId === classId);
    return place === undefined ? [] : [place.point];
  });
}

function refuseIds(): PaddleLabError {
  const text =
    'Expected objects with a trackId for annotator "trace" but received objects without one; see createTracker';
  return new PaddleLabError('INVALID_ARGUMENT', text);
}
