import type { Tensor } from '../inference/tensor';
import { loadBinding } from '../native/binding';
import { rint } from '../preprocess/rounding';
import type { Keypoint, Person } from '../results';
import { assignRows } from './assignment';
import { unsupported } from './boxes';
import { outputInvalid } from './finite';

/**
 * Candidates with less heat are ignored; people whose tags differ by less than 1 are the same. The script's constants.
 */
const heatThreshold = 0.2;
const tagThreshold = 1;
const maxPeople = 30;

/** The maps of all joints, and the best cells of each as selected by the network. */
interface JointMaps {
  readonly joints: number;
  readonly width: number;
  readonly height: number;
  readonly heat: Float32Array;
  /** `[joints, height, width, dimensions]`. */
  readonly tags: Float32Array;
  readonly dimensions: number;
  /** Heat and cell of the candidates, `[joints, candidates]`. */
  readonly scores: Float32Array;
  readonly cells: ArrayLike<number | bigint>;
  readonly candidates: number;
}

/** A joint of a person: a cell of the maps and its heat. */
interface Joint {
  readonly cell: number;
  readonly heat: number;
}

interface Group {
  readonly joints: (Joint | undefined)[];
  readonly tags: number[][];
}

/**
 * Several people at once (HigherHRNet of PaddleDetection 2.x): joints are grouped by their tags, one joint type after
 * another, by the cheapest assignment; missing joints are searched in the whole map; positions are transformed back
 * through `EvalAffine`.
 */
export async function readBottomUp(
  outputs: readonly Tensor[],
  image: { width: number; height: number },
): Promise<Person[]> {
  const maps = readMaps(outputs);
  const groups = groupJoints(maps, outputs);
  const missing = await findMissing(maps, groups);
  const toImage = backToImage(image, Math.min(maps.height, maps.width));
  const people = groups.map((group, person): Person => {
    const found = group.joints.map((joint) => joint?.heat ?? 0);
    const score = found.reduce((sum, heat) => sum + heat, 0) / maps.joints;
    const keypoints = group.joints.map((own, joint): Keypoint => {
      const place = own ?? missing[person]?.[joint];
      return place === undefined
        ? { ...toImage(0, 0), score: 0 }
        : { ...refined(maps, joint, place, toImage), score: place.heat };
    });
    return { score, keypoints, box: boxAround(keypoints) };
  });
  return people.sort((a, b) => b.score - a.score);
}

function readMaps(outputs: readonly Tensor[]): JointMaps {
  const [heat, tags, scores, cells] = outputs;
  const [batch, joints = 0, height = 0, width = 0] = heat?.shape ?? [];
  const dimensions = tags?.shape[4] ?? 1;
  const fits =
    batch === 1 &&
    heat?.dtype === 'float32' &&
    tags?.dtype === 'float32' &&
    tags.data.length === joints * height * width * dimensions &&
    scores?.dtype === 'float32' &&
    scores.shape[1] === joints &&
    cells?.data.length === scores.data.length;
  if (!fits) {
    throw unsupported('heat [1,J,H,W], tags [1,J,H,W,D], heat and cells [1,J,K] of the best of one image', outputs);
  }
  return {
    ...{ joints, width, height, dimensions, candidates: scores.data.length / joints },
    heat: heat.data as Float32Array,
    tags: tags.data as Float32Array,
    scores: scores.data as Float32Array,
    cells: cells.data as ArrayLike<number | bigint>,
  };
}

function tagOf({ tags, dimensions, width, height }: JointMaps, joint: number, cell: number): number[] {
  const start = (joint * width * height + cell) * dimensions;
  return Array.from(tags.subarray(start, start + dimensions));
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] as number)));
}

function meanTag({ tags }: Group): number[] {
  const sum = tags.reduce((total, tag) => total.map((value, i) => value + (tag[i] as number)));
  return sum.map((value) => value / tags.length);
}

/** Groups joints to people by the tag of their first joint; people with the same tag are merged. */
function groupJoints(maps: JointMaps, outputs: readonly Tensor[]): Group[] {
  const groups = new Map<number, Group>();
  const add = (key: number, joint: number, tag: number[], place: Joint): void => {
    const group: Group = groups.get(key) ?? { joints: Array(maps.joints).fill(undefined), tags: [] };
    groups.set(key, group);
    group.tags.push(tag);
    group.joints[joint] = place;
  };
  for (let joint = 0; joint < maps.joints; joint++) {
    const found = candidatesOf(maps, joint);
    const odd = found.find(({ tag, place }) => ![place.heat, ...tag].every(Number.isFinite));
    if (odd !== undefined) {
      const seen = `a candidate for joint ${joint} has heat ${odd.place.heat} and tag ${odd.tag.join(', ')}`;
      throw outputInvalid(seen, outputs);
    }
    const keys = [...groups.keys()].slice(0, maxPeople);
    const centres = keys.map((key) => meanTag(groups.get(key) as Group));
    const chosen = assign(found, centres);
    found.forEach(({ tag, place }, i) => {
      const column = chosen[i] as number;
      const centre = centres[column];
      const joins = centre !== undefined && distance(tag, centre) < tagThreshold;
      add(joins ? (keys[column] as number) : (tag[0] as number), joint, tag, place);
    });
  }
  return [...groups.values()];
}

interface Candidate {
  readonly tag: number[];
  readonly place: Joint;
}

function candidatesOf(maps: JointMaps, joint: number): Candidate[] {
  return Array.from({ length: maps.candidates }, (_, i): Candidate => {
    const at = joint * maps.candidates + i;
    const place = { cell: Number(maps.cells[at]), heat: maps.scores[at] as number };
    return { tag: tagOf(maps, joint, place.cell), place };
  }).filter(({ place }) => place.heat > heatThreshold);
}

/**
 * The cost is the rounded distance first, then the heat; there is one additional column for each candidate beyond the
 * people.
 */
function assign(found: readonly Candidate[], centres: readonly number[][]): number[] {
  const columns = Math.max(found.length, centres.length);
  const costs = found.map(({ tag, place }) => {
    return Array.from({ length: columns }, (_, j) => {
      const centre = centres[j];
      return centre === undefined ? 1e-10 : rint(distance(tag, centre)) * 100 - place.heat;
    });
  });
  return assignRows(costs);
}

/**
 * For each person, the joints without a candidate: the cell with the highest heat minus the distance of its tag from
 * the person's, if the difference is positive. One job per person, so that they run concurrently.
 */
function findMissing(maps: JointMaps, groups: readonly Group[]): Promise<(Joint | undefined)[][]> {
  const { heat, tags, joints, dimensions } = maps;
  return Promise.all(
    groups.map(async (group) => {
      const wanted = group.joints.flatMap((own, joint) => (own === undefined ? [joint] : []));
      const centre = meanTag(group);
      const found = await loadBinding().findJoints({
        ...{ heat, tags, joints, dimensions },
        wanted: Uint32Array.from(wanted),
        centres: Float64Array.from(wanted.flatMap(() => centre)),
      });
      const missing: (Joint | undefined)[] = [];
      for (const [i, joint] of wanted.entries()) {
        const [cell = -1, left = 0] = found.subarray(2 * i, 2 * i + 2);
        if (cell >= 0) missing[joint] = { cell, heat: left };
      }
      return missing;
    }),
  );
}

/** To the middle of the cell, plus a quarter of it towards the neighbour with more heat. */
function refined(
  { heat, width, height }: JointMaps,
  joint: number,
  { cell }: Joint,
  toImage: (x: number, y: number) => { x: number; y: number },
): { x: number; y: number } {
  const [x, y] = [cell % width, Math.floor(cell / width)];
  const at = (column: number, row: number): number => {
    const [inside, below] = [clamp(column, width), clamp(row, height)];
    return heat[(joint * height + below) * width + inside] as number;
  };
  const side = (after: number, before: number): number => (after > before ? 0.75 : 0.25);
  return toImage(x + side(at(x + 1, y), at(x - 1, y)), y + side(at(x, y + 1), at(x, y - 1)));
}

function clamp(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}

/** The inverse of `EvalAffine`, whose short side has this size. */
function backToImage(
  { width, height }: { width: number; height: number },
  size: number,
): (x: number, y: number) => { x: number; y: number } {
  const long = (side: number, short: number): number => Math.ceil(((size / short) * side) / 64) * 64;
  const [mapWidth, mapHeight] = width < height ? [size, long(height, width)] : [long(width, height), size];
  const scale = Math.min(width, height) / size;
  return (x, y) => ({
    x: (x - mapWidth / 2) * scale + rint(width / 2),
    y: (y - mapHeight / 2) * scale + rint(height / 2),
  });
}

function boxAround(keypoints: readonly Keypoint[]): Person['box'] {
  const found = keypoints.filter(({ score }) => score > 0);
  const [xs, ys] = [found.map(({ x }) => x), found.map(({ y }) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
