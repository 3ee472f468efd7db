import { currentDisplay } from '../display/live-output';
import { catalogue, type FontName, fontNames } from './catalogue';
import { nameOfCodePoint } from './code-points';
import { kindOf, type LetterKind, nameOfKind } from './scripts';
import { readManifests } from './store';

/** The letters and kinds that a message of this process has named. */
const named = new Set<string>();
let waiting = new Map<LetterKind, string>();

/** Warns once per process and script that no font has its letters; letters of one picture are in one warning. */
export function reportMissing(letters: Iterable<string>): void {
  for (const letter of letters) {
    if (named.has(letter)) continue;
    named.add(letter);
    const kind = kindOf(letter);
    if (named.has(kind)) continue;
    named.add(kind);
    if (waiting.size === 0) queueMicrotask(report);
    waiting.set(kind, letter);
  }
}

function report(): void {
  const kinds = waiting;
  waiting = new Map();
  const notebook = currentDisplay();
  if (notebook !== undefined) {
    const inCell = (names: readonly FontName[]): string =>
      names.map((name) => `await fonts.pull('${name}')`).join('; ');
    notebook.create({ 'text/plain': describeMissing(kinds, inCell) });
    return;
  }
  const text = describeMissing(kinds, (names) => `npx paddlelab fonts pull ${names.join(' ')}`);
  process.emitWarning(text, { type: 'PaddleLabWarning', code: 'PADDLELAB_FONT' });
}

/** A few words for the line of a picture: `no font for Thai, emoji`. */
export function summarizeMissing(letters: Iterable<string>): string {
  return `no font for ${[...new Set([...letters].map(kindOf))].map(nameOfKind).sort().join(', ')}`;
}

/** The message, with what fetches the fonts. */
function describeMissing(
  kinds: ReadonlyMap<LetterKind, string>,
  commandFor: (names: readonly FontName[]) => string,
): string {
  const list = [...kinds].map(([kind, letter]) => {
    return `${nameOfKind(kind)} (such as ${nameOfCodePoint(letter.codePointAt(0) as number)})`;
  });
  const names = [...new Set([...kinds.keys()].flatMap((kind) => fontForKind(kind) ?? []))].sort();
  const own = 'name a font or a folder of fonts in PADDLELAB_FONTS';
  const fetched = `run \`${commandFor(names)}\`, or ${own}`;
  return (
    `Text is drawn as boxes with code points, because no font has its letters: ${list.sort().join(', ')}. ` +
    `To draw them, ${names.length > 0 ? fetched : own}.`
  );
}

/** The first font for these letters that was not fetched yet. */
function fontForKind(kind: LetterKind): FontName | undefined {
  const there = new Set(readManifests().map(({ name }) => name));
  return fontNames.find((name) => {
    const scripts: readonly LetterKind[] = catalogue[name].scripts;
    return scripts.includes(kind) && !there.has(name);
  });
}
