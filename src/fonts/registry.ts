import path from 'node:path';
import { statSync } from '../files/fs';
import { parseRanges } from './code-points';
import { Font, readFonts } from './font';
import { namedPlaces, ownFonts } from './own-fonts';
import { fontFolder, fontsFolder, readManifests } from './store';

let registered: readonly Font[] = [];
let version = '';
let changes = 0;
let others: LazyList<Font> | undefined;
let found = new Map<string, Font | undefined>();

/** Adds the fonts of a file, after those that were added before. */
export function addFont(file: string): void {
  const fonts = readFonts(file);
  // A file that is registered again may have other content.
  registered = [...registered.filter((font) => font.file !== file), ...fonts];
  changes++;
}

/** Changes when other fonts may be found: text that was laid out before is then laid out again. */
export function fontsVersion(): string {
  const now = `${changes} ${process.env.PADDLELAB_FONTS ?? ''} ${fontsFolder()} ${changedAt(fontsFolder())}`;
  if (now !== version) {
    version = now;
    others = undefined;
    found = new Map();
  }
  return now;
}

/**
 * The first font that has all characters of a letter: of those that were registered, named in PADDLELAB_FONTS, and fetched. If none
 * has all, one that has the first character.
 */
export function fontFor(letter: string): Font | undefined {
  if (found.has(letter)) return found.get(letter);
  const wanted = [...letter].filter((character) => !isIgnorable(character)).map((one) => one.codePointAt(0) as number);
  const [first = 0] = wanted;
  let font: Font | undefined;
  for (const candidate of candidates()) {
    if (!candidate.has(first)) continue;
    font ??= candidate;
    if (!wanted.every((codePoint) => candidate.has(codePoint))) continue;
    font = candidate;
    break;
  }
  found.set(letter, font);
  return font;
}

/** Joiners and variation selectors choose a form of a letter; a font need not have them. */
function isIgnorable(character: string): boolean {
  return /^\p{Default_Ignorable_Code_Point}$/u.test(character);
}

function* candidates(): Generator<Font> {
  fontsVersion();
  yield* registered;
  others ??= new LazyList(otherFonts());
  yield* others;
}

function* otherFonts(): Generator<Font> {
  const places = namedPlaces();
  yield* ownFonts(places.filter((place) => place !== 'system'));
  yield* fetchedFonts();
  // They differ between machines, so they are the last ones.
  yield* ownFonts(places.filter((place) => place === 'system'));
}

function* fetchedFonts(): Generator<Font> {
  for (const { name, files } of readManifests()) {
    for (const file of files) {
      yield new Font(path.join(fontFolder(name), file.name), 0, parseRanges(file.covers));
    }
  }
}

function changedAt(folder: string): number {
  try {
    return statSync(folder).mtimeMs;
  } catch {
    // Nothing was fetched yet.
    return 0;
  }
}

/** The values of a generator, each made when it is first needed. */
class LazyList<T> {
  readonly #made: T[] = [];
  readonly #rest: Generator<T>;

  constructor(rest: Generator<T>) {
    this.#rest = rest;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let i = 0; ; i++) {
      if (i === this.#made.length) {
        const next = this.#rest.next();
        if (next.done) return;
        this.#made.push(next.value);
      }
      yield this.#made[i] as T;
    }
  }
}
