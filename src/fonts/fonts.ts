import path from 'node:path';
import { currentCellSignal } from '../display/live-output';
import { PaddleLabError } from '../errors';
import { removeFolder } from '../files/staged-folder';
import { PullView } from '../hub/pull-view';
import { abortSignal, boolean, callback, type OptionChecks, readOptions } from '../options';
import { acquireLock } from '../processes/lock';
import type { InstallProgress } from '../runtime/fetch-options';
import { checkString, invalidArgument, nearestFew } from '../validate';
import { type CatalogueFont, catalogue, type FontName, fontNames, licence } from './catalogue';
import { pullFont } from './pull-font';
import { addFont } from './registry';
import { nameOfKind } from './scripts';
import { describePulled, fontFolder, type PulledFont, readManifest } from './store';

export type { FontName } from './catalogue';
export type { PulledFont } from './store';

/** A font that can be fetched, and whether it is in the cache. */
export interface ListedFont {
  /** The name for `fonts.pull`. */
  readonly name: FontName;
  /** As its designers call it. */
  readonly family: string;
  /** The scripts that it is fetched for. */
  readonly scripts: readonly string[];
  /** Name of the licence in SPDX's list. */
  readonly licence: string;
  /** Size of the download; less of it is kept. */
  readonly megabytes: number;
  /** What is in the cache; undefined if it was not fetched. */
  readonly pulled: PulledFont | undefined;
}

/**
 * The fonts that can be fetched, and what is in the cache. Nothing is downloaded.
 *
 * @example
 * const inCache = fonts.list().filter(({ pulled }) => pulled !== undefined);
 */
export function list(): ListedFont[] {
  return fontNames.map((name) => {
    const { family, scripts, megabytes }: CatalogueFont = catalogue[name];
    const manifest = readManifest(fontFolder(name));
    const pulled = manifest === undefined ? undefined : describePulled(manifest, fontFolder(name));
    return { name, family, scripts: scripts.map(nameOfKind), licence, megabytes, pulled };
  });
}

/** Options of `fonts.pull`. */
export interface PullFontOptions {
  /** `true`: only the cache is used; default: PADDLELAB_OFFLINE. */
  readonly offline?: boolean;
  /** Called with the progress; by default, the cell or the terminal shows it. Counts are bytes. */
  readonly onProgress?: (progress: InstallProgress) => void;
  /** Stops it; the download so far is kept. In a notebook an interrupt does the same. */
  readonly signal?: AbortSignal;
}

const pullChecks = {
  offline: boolean,
  onProgress: callback,
  signal: abortSignal,
} satisfies OptionChecks<PullFontOptions>;

/**
 * Fetches a font for a script into the cache, or returns it at once if it is there. It comes from the registry of npm (the package
 * `@fontsource/…`, in a pinned version with a pinned digest), with npm's own settings of registry, proxy and login. Pictures that are
 * drawn afterwards use it.
 *
 * @param name such as `arabic`, `korean`, `emoji`; `fonts.list()` has all
 * @throws PaddleLabError INVALID_ARGUMENT, DOWNLOAD_FAILED, FILE_UNWRITABLE, ABORTED, UNKNOWN_OPTION
 *
 * @example
 * const { family, path: folder } = await fonts.pull('arabic');
 */
export async function pull(name: FontName, options: PullFontOptions = {}): Promise<PulledFont> {
  const known = checkFontName(name);
  const { onProgress, offline, signal } = readOptions('fonts.pull', options, pullChecks);
  if (onProgress !== undefined) return await pullFont(known, { offline, signal, report: onProgress });
  const view = new PullView(known);
  try {
    const font = await pullFont(known, {
      offline,
      signal: signal ?? currentCellSignal(),
      report: (progress) => view.update(progress),
    });
    view.end(font.size, 'npm', []);
    return font;
  } catch (error) {
    view.fail();
    throw error;
  }
}

/**
 * Uses the font of a file in all pictures that are drawn afterwards by this process, for letters that the package's fonts lack. Fonts
 * that were registered first win. `PADDLELAB_FONTS` does the same for every process.
 *
 * @param file `.ttf`, `.otf`, `.ttc` or `.woff`
 * @throws PaddleLabError FONT_UNREADABLE, FILE_NOT_FOUND, INVALID_ARGUMENT
 *
 * @example
 * const { path: folder } = await fonts.pull('arabic');
 * fonts.register(`${folder}/noto-sans-arabic-arabic-600-normal.woff`);
 */
export function register(file: string): void {
  addFont(path.resolve(checkString('file', file)));
}

/**
 * Removes a fetched font from the cache; returns what was removed.
 *
 * @throws PaddleLabError FILE_NOT_FOUND if it is not in the cache; INVALID_ARGUMENT
 *
 * @example
 * await fonts.pull('arabic');
 * await fonts.remove('arabic');
 */
export async function remove(name: FontName): Promise<PulledFont> {
  const folder = fontFolder(checkFontName(name));
  const manifest = readManifest(folder);
  if (manifest === undefined) {
    throw new PaddleLabError('FILE_NOT_FOUND', `Expected the font ${name} in the cache but it was not fetched`);
  }
  const lock = await acquireLock(folder);
  try {
    await removeFolder(folder);
  } finally {
    lock.release();
  }
  return describePulled(manifest, folder);
}

/** @internal The name of a font, with the nearest names in the error. */
export function checkFontName(name: unknown): FontName {
  if (fontNames.includes(name as FontName)) return name as FontName;
  const near = typeof name === 'string' ? nearestFew(name, fontNames, 3) : [];
  const known = near.length > 0 ? `did you mean ${near.join(', ')}?` : `one of ${fontNames.join(', ')}`;
  throw invalidArgument('name', `name of a font (${known})`, name);
}
