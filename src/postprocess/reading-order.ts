import type bidi from 'bidi-js';
import type { TextCharacter } from '../results';

/** Characters that stand in pairs. Python's implementation, which is older than that rule, does not pair them. */
const brackets = /[()[\]{}<>«»]/g;
const neutral = '|';

/**
 * Puts characters that were read from left to right into the order in which a person reads them, as PaddleX does with
 * Arabic by `get_display` of python-bidi: runs of right-to-left letters are reversed, numbers and other scripts are not,
 * and brackets in reversed runs are exchanged.
 */
export function inReadingOrder(characters: readonly TextCharacter[]): TextCharacter[] {
  // Loaded here, because few models need it.
  const { getEmbeddingLevels, getReorderSegments, getMirroredCharacter } = (require('bidi-js') as typeof bidi)();
  // One unit for each character.
  const text = characters.map((character) => character.text[0] ?? neutral).join('');
  const embedding = getEmbeddingLevels(text.replace(brackets, neutral));
  const order = characters.map((character, i) => {
    const isReversed = ((embedding.levels[i] ?? 0) & 1) === 1;
    return { ...character, text: (isReversed && getMirroredCharacter(character.text)) || character.text };
  });
  for (const [start = 0, end = 0] of getReorderSegments(text, embedding)) {
    order.splice(start, end + 1 - start, ...order.slice(start, end + 1).reverse());
  }
  return order;
}
