import { PaddleLabError } from '../errors';
import type { Tensor } from '../inference/tensor';
import type { TableStructureCell, TableStructureResult } from '../results';
import type { PostprocessContext } from '../spec/spec';
import { unsupported } from './boxes';
import { outputInvalid } from './finite';
import { gridOf } from './table-grid';

/** Tokens that begin a cell. */
const cellTokens = new Set(['<td>', '<td', '<td></td>']);

/**
 * `TableLabelDecode` of PaddleX on output 0, corners of cells `[1, steps, 8]`, and output 1, probabilities of HTML tokens
 * `[1, steps, tokens]`: the best token of each step up to the end, and the corners of those that begin a cell, cut to
 * whole pixels.
 */
export async function readTableStructure(
  outputs: readonly Tensor[],
  { spec, image, network }: PostprocessContext,
): Promise<Pick<TableStructureResult, 'threshold' | 'tokens' | 'cells' | 'score'>> {
  const { cellCorners, probabilities, steps, classes } = tensorsOf(outputs);
  const names = checkWidth(classes, spec.outputs.tableStructure?.tokens ?? [], spec.files.directory);
  const scales = spec.outputs.tableStructure?.fractionsOfImage
    ? [image.width, image.height]
    : scalesOf(image, network.size);
  const tokens: string[] = [];
  const corners: TableStructureCell['polygon'][] = [];
  let sum = 0;
  for (let step = 0; step < steps; step += 1) {
    const { id, probability } = bestOf(probabilities, step * classes, classes);
    if (Number.isNaN(probability)) throw outputInvalid(`probabilities of step ${step} are NaN`, outputs);
    if (step > 0 && id === classes - 1) break;
    // The first and the last are the beginning and the end.
    if (id === 0 || id === classes - 1) continue;
    const token = names[id] as string;
    if (cellTokens.has(token)) corners.push(cornersOf(cellCorners.subarray(step * 8, step * 8 + 8), scales));
    tokens.push(token);
    sum += probability;
  }
  const cells = gridOf(tokens).map((cell, i): TableStructureCell => ({ ...cell, polygon: corners[i] ?? [] }));
  return { threshold: 0, tokens, cells, score: tokens.length === 0 ? 0 : sum / tokens.length };
}

interface Decoded {
  readonly cellCorners: Float32Array;
  readonly probabilities: Float32Array;
  readonly steps: number;
  readonly classes: number;
}

function tensorsOf(outputs: readonly Tensor[]): Decoded {
  const [first, second] = outputs;
  const [batch, steps = 0, classes = 0, ...more] = second?.shape ?? [];
  const fits = first?.shape.join() === [1, steps, 8].join() && batch === 1 && steps * classes > 0 && more.length === 0;
  if (!fits || !(first?.data instanceof Float32Array) || !(second?.data instanceof Float32Array)) {
    throw unsupported('corners of cells [1, steps, 8] and probabilities of tokens [1, steps, tokens]', outputs);
  }
  return { cellCorners: first.data, probabilities: second.data, steps, classes };
}

function checkWidth(classes: number, tokens: readonly string[], directory: string): readonly string[] {
  if (tokens.length === classes) return tokens;
  throw new PaddleLabError(
    'CONFIG_INVALID',
    `Expected tokens for the ${classes} classes of the network but received ${tokens.length - 2}, which with beginning and ` +
      `end are ${tokens.length}; give the character_dict that ${directory} was trained with, or another merge_no_span_structure`,
  );
}

function bestOf(values: Float32Array, start: number, count: number): { id: number; probability: number } {
  let id = 0;
  for (let i = 0; i < count; i += 1) {
    const value = values[start + i] as number;
    if (Number.isNaN(value)) return { id: i, probability: value };
    if (value > (values[start + id] as number)) id = i;
  }
  return { id, probability: values[start + id] as number };
}

/** The image is at the top left of the network's input, which its longer side fills. */
function scalesOf(image: PostprocessContext['image'], [height, width]: readonly [number, number]): [number, number] {
  const ratio = Math.min(width / image.width, height / image.height);
  return [width / ratio, height / ratio];
}

function cornersOf(fractions: Float32Array, [across = 1, down = 1]: readonly number[]): TableStructureCell['polygon'] {
  return [0, 2, 4, 6].map((i) => [
    Math.trunc((fractions[i] as number) * across),
    Math.trunc((fractions[i + 1] as number) * down),
  ]);
}
