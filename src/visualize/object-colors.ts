import type { Rgb } from '../display/palette';
import type { SceneObject } from '../drawing/annotators/annotator';
import { PaddleLabError } from '../errors';
import type { ColorBy } from './options';

/**
 * The colour of each object of a picture.
 *
 * @param color the palette's colours by number
 * @throws PaddleLabError INVALID_ARGUMENT (colours by track of objects without ids)
 */
export function colorOfObjects(
  by: ColorBy,
  objects: readonly SceneObject[],
  color: (index: number) => Rgb,
): (item: SceneObject) => Rgb {
  switch (by) {
    case 'class':
      return ({ classId }) => color(classId);
    case 'object': {
      const numbers = new Map(objects.map((item, index) => [item, index]));
      return (item) => color(numbers.get(item) ?? item.classId);
    }
    case 'track':
      if (objects.some(({ trackId }) => trackId === undefined)) throw refuseIds();
      return ({ trackId = 0 }) => color(trackId);
  }
}

function refuseIds(): PaddleLabError {
  const expected = 'Expected objects with a trackId for colorBy "track" but an object has none; see createTracker';
  return new PaddleLabError('INVALID_ARGUMENT', expected);
}
