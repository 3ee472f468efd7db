import { PaddleLabError } from '../errors';
import type { Box } from '../results';
import { checkInteger, invalidArgument } from '../validate';

/** An object of a frame, with its number over the frames if it has one: what a tracker's `update` gives, or any detection. */
export interface FollowedObject {
  readonly box: Box;
  readonly classId: number;
  readonly label?: string;
  /** Its number over the frames; `id` is read where this is absent, and -1 means none. */
  readonly trackId?: number;
  readonly id?: number;
}

/** An object whose path can be followed, with the key by which it is known over the frames. */
export interface KeyedObject<O> {
  readonly object: O;
  readonly id: number;
  readonly key: string;
}

/**
 * The objects that have an id. Two with the same one would be taken for one object that jumps between them, and counted
 * each time.
 */
export function followObjects<O extends FollowedObject>(objects: readonly O[], idsPerClass: boolean): KeyedObject<O>[] {
  if (!Array.isArray(objects)) throw invalidArgument('objects', 'list of objects', objects);
  const keys = new Set<string>();
  return (objects as readonly O[]).flatMap((object, index) => {
    checkObject(`objects[${index}]`, object);
    const id = idOf(`objects[${index}]`, object);
    if (id === undefined) return [];
    const key = idsPerClass ? `${object.classId}/${id}` : String(id);
    if (keys.has(key)) throw doubleId(id, idsPerClass);
    keys.add(key);
    return [{ object, id, key }];
  });
}

export function checkObject(name: string, object: unknown): void {
  if (typeof object !== 'object' || object === null) throw invalidArgument(name, 'object with a box', object);
  const { box, classId } = object as Partial<FollowedObject>;
  if (!Array.isArray(box) || box.length !== 4 || !box.every(Number.isFinite)) {
    throw invalidArgument(`${name}.box`, 'four finite numbers [x1, y1, x2, y2]', box);
  }
  checkInteger(`${name}.classId`, classId, 0);
}

function idOf(name: string, { trackId, id }: FollowedObject): number | undefined {
  const given = trackId ?? id;
  if (given === undefined) return undefined;
  checkInteger(`${name}.${trackId === undefined ? 'id' : 'trackId'}`, given, -1);
  return given === -1 ? undefined : given;
}

function doubleId(id: number, idsPerClass: boolean): PaddleLabError {
  return new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected objects with different ids for objects but received two with id ${id}${
      idsPerClass ? ' of one class' : '. If they are of different classes, as from ByteTrack, pass idsPerClass: true'
    }`,
  );
}
