import path from 'node:path';
import { readdirSync, readFileSync, statSync, writeFile } from '../files/fs';
import { cacheFolder } from '../runtime/cache';
import { catalogue, type FontName, fontNames } from './catalogue';

/** A file of a fetched font. */
interface StoredFile {
  readonly name: string;
  readonly size: number;
  /** Its letters, as `formatRanges` writes them. */
  readonly covers: string;
}

/** What is noted in a font's folder when it was fetched. */
export interface FontManifest {
  readonly name: FontName;
  /** As its designers call it. */
  readonly family: string;
  /** Name of the licence in SPDX's list; its text is in the folder. */
  readonly licence: string;
  /** The package of npm that it came from. */
  readonly package: string;
  readonly version: string;
  /** ISO date. */
  readonly pulled: string;
  readonly files: readonly StoredFile[];
}

/** A font in the cache. */
export interface PulledFont {
  /** The name that it is fetched by. */
  readonly name: FontName;
  /** As its designers call it. */
  readonly family: string;
  /** Name of the licence in SPDX's list; its text is in the folder. */
  readonly licence: string;
  /** The package of npm that it came from. */
  readonly package: string;
  /** The version of the package. */
  readonly version: string;
  /** ISO date. */
  readonly pulled: string;
  /** Its folder. */
  readonly path: string;
  /** Bytes on disk. */
  readonly size: number;
}

const manifestName = '.paddlelab-font.json';

/** The folder of the fetched fonts: PADDLELAB_FONT_CACHE, else `fonts` in the cache of paddlelab. */
export function fontsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.PADDLELAB_FONT_CACHE) return path.resolve(environment.PADDLELAB_FONT_CACHE);
  return path.join(cacheFolder(environment), 'fonts');
}

export function fontFolder(name: FontName, environment?: NodeJS.ProcessEnv): string {
  return path.join(fontsFolder(environment), name);
}

export async function writeManifest(folder: string, manifest: FontManifest): Promise<void> {
  await writeFile(path.join(folder, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** What was fetched, in the order of the catalogue. */
export function readManifests(environment?: NodeJS.ProcessEnv): FontManifest[] {
  const there = new Set(readdirIfThere(fontsFolder(environment)));
  return fontNames
    .filter((name) => there.has(name))
    .flatMap((name) => readManifest(fontFolder(name, environment)) ?? []);
}

/** The font in a folder of the cache; undefined if there is none, or if a file of it is missing. */
export function readManifest(folder: string): FontManifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(path.join(folder, manifestName), 'utf8')) as FontManifest;
    const complete = manifest.files.every(({ name, size }) => statSync(path.join(folder, name)).size === size);
    return complete && manifest.name in catalogue ? manifest : undefined;
  } catch {
    // Written last: without it, the folder is no complete font.
    return undefined;
  }
}

export function describePulled({ files, ...manifest }: FontManifest, folder: string): PulledFont {
  return { ...manifest, path: folder, size: files.reduce((sum, { size }) => sum + size, 0) };
}

function readdirIfThere(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing was fetched yet.
    return [];
  }
}
