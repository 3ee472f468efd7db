/** The outline of one character in ems; y grows downwards, the baseline is 0. */
export interface Glyph {
  readonly advance: number;
  /** Closed contours, alternating x and y of each point; empty if nothing is drawn. */
  readonly contours: readonly (readonly number[])[];
}

/** A step of an outline, with the curves of TrueType (`Q`) and PostScript (`C`). */
export type PathCommand =
  | { readonly type: 'M' | 'L'; readonly x: number; readonly y: number }
  | { readonly type: 'Q'; readonly x1: number; readonly y1: number; readonly x: number; readonly y: number }
  | {
      readonly type: 'C';
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
      readonly x: number;
      readonly y: number;
    }
  | { readonly type: 'Z' };

/** Number of straight segments per curve of a letter. */
const curveSteps = 6;

/** The closed contours of an outline, its curves as straight segments. */
export function flatten(commands: readonly PathCommand[]): number[][] {
  const contours: number[][] = [];
  let [x, y] = [0, 0];
  for (const command of commands) {
    if (command.type === 'Z') continue;
    if (command.type === 'M') contours.push([]);
    const contour = contours.at(-1);
    if (contour === undefined) continue;
    const controls = controlsOf(command);
    for (let step = 1; step <= (controls.length > 0 ? curveSteps : 1); step++) {
      contour.push(
        ...bezier([[x, y], ...controls, [command.x, command.y]], controls.length > 0 ? step / curveSteps : 1),
      );
    }
    [x, y] = [command.x, command.y];
  }
  return contours;
}

function controlsOf(command: Exclude<PathCommand, { type: 'Z' }>): [number, number][] {
  if (command.type === 'Q') return [[command.x1, command.y1]];
  if (command.type !== 'C') return [];
  return [
    [command.x1, command.y1],
    [command.x2, command.y2],
  ];
}

/** A point of a Bézier curve of any degree (de Casteljau). */
function bezier(points: readonly (readonly [number, number])[], t: number): readonly [number, number] {
  const [first, ...rest] = points;
  if (first === undefined || rest.length === 0) return first ?? [0, 0];
  const next = rest.map(([x, y], index): [number, number] => {
    const [fromX, fromY] = points[index] ?? [0, 0];
    return [fromX + (x - fromX) * t, fromY + (y - fromY) * t];
  });
  return bezier(next, t);
}
