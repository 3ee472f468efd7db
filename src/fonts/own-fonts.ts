import { homedir } from 'node:os';
import path from 'node:path';
import { messageOf } from '../errors';
import { readdirSync, statSync } from '../files/fs';
import { type Font, readFonts } from './font';

/** The word in PADDLELAB_FONTS for the fonts of this machine. */
const system = 'system';

/** Of an editor's or the system's fonts, only these are read. */
const fontFile = /\.(ttf|otf|ttc|otc|woff)$/i;

/** What PADDLELAB_FONTS names: files, folders, or the word `system`; separated by colons. */
export function namedPlaces(environment: NodeJS.ProcessEnv = process.env): string[] {
  return (environment.PADDLELAB_FONTS ?? '').split(path.delimiter).filter((place) => place !== '');
}

/** The fonts of the places in PADDLELAB_FONTS, one after the other, so that no more files are read than needed. */
export function* ownFonts(places: readonly string[]): Generator<Font> {
  for (const place of places) {
    if (place !== system) yield* fontsAt(path.resolve(place), warnOf);
  }
  if (!places.includes(system)) return;
  // Damaged fonts of the machine are of no concern here.
  for (const folder of systemFolders()) yield* fontsAt(folder, () => undefined);
}

function systemFolders(): string[] {
  const own = process.env.XDG_DATA_HOME || path.join(homedir(), '.local', 'share');
  const shared = (process.env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':');
  return [own, ...shared].map((folder) => path.join(folder, 'fonts'));
}

function* fontsAt(place: string, refuse: (file: string, error: unknown) => void): Generator<Font> {
  for (const file of filesAt(place, refuse)) {
    try {
      yield* readFonts(file);
    } catch (error) {
      refuse(file, error);
    }
  }
}

/** The file, or those of the folder and its folders in the order of their names. */
function filesAt(place: string, refuse: (file: string, error: unknown) => void): string[] {
  try {
    if (!statSync(place).isDirectory()) return [place];
    const names = readdirSync(place, { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => fontFile.test(name))
      .sort()
      .map((name) => path.join(place, name));
  } catch (error) {
    refuse(place, error);
    return [];
  }
}

const warned = new Set<string>();

function warnOf(file: string, error: unknown): void {
  if (warned.has(file)) return;
  warned.add(file);
  const text = `PADDLELAB_FONTS: ${messageOf(error)}`;
  process.emitWarning(text, { type: 'PaddleLabWarning', code: 'PADDLELAB_FONT' });
}
