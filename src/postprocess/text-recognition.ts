import { PaddleLabError } from '../errors';
import type { Tensor } from '../inference/tensor';
import { loadBinding } from '../native/binding';
import type { NativeText } from '../native/text-types';
import type { TextCharacter, TextRecognitionResult } from '../results';
import type { PostprocessContext } from '../spec/spec';
import { unsupported } from './boxes';
import { outputInvalid } from './finite';
import { inReadingOrder } from './reading-order';

/**
 * `CTCLabelDecode` of PaddleX and RapidOCR on output 0, probabilities `[1, columns, classes]`: the best class of each
 * column, repeated ones once, without blanks. The score is the mean of the characters' scores.
 */
export async function readText(
  outputs: readonly Tensor[],
  context: PostprocessContext,
): Promise<Pick<TextRecognitionResult, 'threshold' | 'text' | 'score' | 'characters'>> {
  const { columns, classes, data } = probabilitiesOf(outputs);
  const characters = checkWidth(classes, context);
  const found = await loadBinding().decodeCtc({ probabilities: data, columns, classes });
  if (found.notNumbers > 0) throw outputInvalid(`probabilities of ${found.notNumbers} columns are NaN`, outputs);
  const placed = placeCharacters(found, characters, columns, context);
  const read = context.spec.outputs.textRecognition?.visualOrder ? inReadingOrder(placed) : placed;
  const score = read.length === 0 ? 0 : read.reduce((sum, character) => sum + character.score, 0) / read.length;
  const { threshold = 0 } = context;
  const kept = score >= threshold ? read : [];
  return { threshold, text: kept.map(({ text }) => text).join(''), score, characters: kept };
}

interface Probabilities {
  readonly columns: number;
  readonly classes: number;
  readonly data: Float32Array;
}

function probabilitiesOf(outputs: readonly Tensor[]): Probabilities {
  const [output] = outputs;
  const [batch, columns = 0, classes = 0, ...more] = output?.shape ?? [];
  if (!(output?.data instanceof Float32Array) || batch !== 1 || columns * classes === 0 || more.length > 0) {
    const expected = 'probabilities of characters as float32 [1, columns, classes] in the first output';
    throw unsupported(`${expected} (a detector of text has another one: load it as such)`, outputs);
  }
  return { columns, classes, data: output.data };
}

/** The usual mistake: the dictionary of another network, or one with or without the space. */
function checkWidth(classes: number, { spec }: PostprocessContext): readonly string[] {
  const { characters = [] } = spec.outputs.textRecognition ?? {};
  if (characters.length === classes) return characters;
  const space = characters.at(-1) === ' ' ? 1 : 0;
  const own = characters.length - 1 - space;
  const parts = space === 1 ? 'blank and space' : 'blank';
  const near = Math.abs(characters.length - classes) === 1 ? `use_space_char: ${space === 0}, or ` : '';
  throw new PaddleLabError(
    'CONFIG_INVALID',
    `Expected a dictionary for the ${classes} classes of the network but received one of ${own} characters, which with ` +
      `${parts} are ${characters.length}; give ${near}the dictionary that ${spec.files.directory} was trained with`,
  );
}

/** The characters with their places in the image, to which the network's columns are proportional. */
function placeCharacters(
  { classes, scores, columns: spans }: NativeText,
  characters: readonly string[],
  columns: number,
  { image, network }: PostprocessContext,
): TextCharacter[] {
  const [, width] = network.size;
  const [, content] = network.content;
  const pixels = (((network.batchWidth ?? width) / columns) * image.width) / content;
  const place = (column: number): number => Math.min(image.width, column * pixels);
  return Array.from(classes, (id, i) => ({
    text: characters[id] as string,
    score: scores[i] as number,
    start: place(spans[2 * i] as number),
    end: place(spans[2 * i + 1] as number),
  }));
}
