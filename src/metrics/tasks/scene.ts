import type { TrueObject } from '../../datasets/truth';
import type { Box, RleMask } from '../../results';
import type { CocoBox } from '../coco/box-overlap';

/** An object of a result, as far as it is measured. */
export interface SceneObject {
  readonly classId: number;
  readonly label?: string;
  /** Without one, 1 counts. */
  readonly score?: number | undefined;
  readonly box: Box;
  readonly mask?: RleMask;
  readonly corners?: readonly number[];
  readonly keypoints?: readonly { readonly x: number; readonly y: number }[];
}

/** What was found and what is true in one image. */
export interface Scene {
  /** Its place in the data set. */
  readonly image: number;
  readonly size: { readonly width: number; readonly height: number };
  readonly found: readonly SceneObject[];
  readonly truths: readonly TrueObject[];
}

/** As `toCoco` has it. */
export function cocoBox({ box: [x1, y1, x2, y2] }: SceneObject): CocoBox {
  return [x1, y1, x2 - x1, y2 - y1];
}

export function scoreOf({ score }: SceneObject): number {
  return score ?? 1;
}

/** The part of a scene that belongs to each class, by its number. */
export function byClass({ found, truths, ...scene }: Scene): Map<number, Scene> {
  const classes = new Map<number, { found: SceneObject[]; truths: TrueObject[] }>();
  const of = (classId: number): { found: SceneObject[]; truths: TrueObject[] } => {
    const part = classes.get(classId) ?? { found: [], truths: [] };
    classes.set(classId, part);
    return part;
  };
  for (const one of found) of(one.classId).found.push(one);
  for (const one of truths) of(one.classId).truths.push(one);
  return new Map([...classes].map(([classId, part]) => [classId, { ...scene, ...part }]));
}
