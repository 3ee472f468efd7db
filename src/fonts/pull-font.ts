import path from 'node:path';
import type * as Tar from 'tar';
import { PaddleLabError } from '../errors';
import { integrityOf } from '../files/digest';
import { describeLackOfRoom } from '../files/disk-room';
import { mkdir, readdir, rm, stat, statIfThere } from '../files/fs';
import { makeCacheFolder, publishFolder, removeRemains, stagingFolder } from '../files/staged-folder';
import { download } from '../http/download';
import { downloadFailed } from '../http/download-failed';
import { HttpClient } from '../http/http-client';
import { isOffline } from '../http/offline';
import { findArchive, type NpmPackage, wrongIntegrity } from '../package-index/npm-package';
import { readNpmRegistry } from '../package-index/settings/npm-registry';
import { acquireLock } from '../processes/lock';
import type { InstallProgress } from '../runtime/fetch-options';
import { throwIfAborted } from '../validate';
import { catalogue, type FontName, isKept, licence, packageOf } from './catalogue';
import { formatRanges } from './code-points';
import { readFonts } from './font';
import {
  describePulled,
  type FontManifest,
  fontFolder,
  fontsFolder,
  type PulledFont,
  readManifest,
  writeManifest,
} from './store';

export interface PullFontSettings {
  readonly offline?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report: (progress: InstallProgress) => void;
  readonly environment?: NodeJS.ProcessEnv;
  readonly pauseMs?: number;
  /** Another package than that of the catalogue. */
  readonly pinned?: NpmPackage;
}

type Settings = PullFontSettings & { readonly environment: NodeJS.ProcessEnv };

const cacheHint = 'name a folder that you can write to in PADDLELAB_FONT_CACHE';

/** The largest archive has 186 MB; more than this can't be one. */
const largest = 500e6;

/** Makes a font available in the cache; returns at once if it is there. */
export async function pullFont(name: FontName, given: PullFontSettings): Promise<PulledFont> {
  const settings = { ...given, environment: given.environment ?? process.env };
  const { environment, signal, report } = settings;
  const target = fontFolder(name, environment);
  const there = isCurrent(target, settings.pinned ?? packageOf(name));
  if (there !== undefined) return there;
  if (isOffline(settings.offline, environment)) throw offlineError(name);
  await makeCacheFolder(fontsFolder(environment), cacheHint);
  const lock = await acquireLock(target, {
    ...(signal === undefined ? {} : { signal }),
    onWait: () => report({ phase: 'wait', done: 0, total: 0 }),
  });
  try {
    // Another process may have fetched it while this one waited.
    return isCurrent(target, settings.pinned ?? packageOf(name)) ?? (await pullLocked(name, target, settings));
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    lock.release();
  }
}

/** The font, if it is of the version that this package pins. */
function isCurrent(target: string, { version }: NpmPackage): PulledFont | undefined {
  const manifest = readManifest(target);
  return manifest?.version === version ? describePulled(manifest, target) : undefined;
}

async function pullLocked(name: FontName, target: string, settings: Settings): Promise<PulledFont> {
  const { environment } = settings;
  const folder = fontsFolder(environment);
  const archive = path.join(folder, '.downloads', `${name}.tgz`);
  const staging = stagingFolder(target);
  await removeRemains(target);
  try {
    await fetchArchive(name, archive, settings);
    await mkdir(staging, { recursive: true });
    const manifest = await unpack(name, archive, staging, settings);
    await writeManifest(staging, manifest);
    throwIfAborted(settings.signal);
    await publishFolder(staging, target);
    await rm(archive, { force: true });
    return describePulled(manifest, target);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Downloads the package's archive, and checks it against the pinned digest. */
async function fetchArchive(name: FontName, archive: string, settings: Settings): Promise<void> {
  const { environment, signal, report, pauseMs = 500, pinned = packageOf(name) } = settings;
  if ((await statIfThere(archive)) === undefined) {
    await makeCacheFolder(path.dirname(archive), cacheHint);
    report({ phase: 'find', done: 0, total: 0 });
    const registry = await readNpmRegistry('@fontsource', environment);
    const client = new HttpClient(registry.connection);
    try {
      const url = await findArchive(pinned, registry, client, signal);
      await download({ url }, archive, {
        ...{ client, signal, largest, pauseMs, checkRoom: (bytes) => checkRoom(path.dirname(archive), bytes) },
        onProgress: (done, total) => report({ phase: 'download', done, total }),
      });
    } finally {
      await client.close();
    }
  }
  report({ phase: 'verify', done: 0, total: 0 });
  const integrity = await integrityOf(archive, signal);
  if (integrity === pinned.integrity) return;
  await rm(archive, { force: true });
  throw wrongIntegrity(pinned.name, pinned.integrity, integrity);
}

/** Unpacks the files that are kept, and notes their letters. */
async function unpack(name: FontName, archive: string, staging: string, settings: Settings): Promise<FontManifest> {
  const { signal, report, pinned = packageOf(name) } = settings;
  report({ phase: 'unpack', done: 0, total: 0 });
  const { name: from, version } = pinned;
  const { extract } = require('tar') as typeof Tar;
  await extract({
    ...{ file: archive, cwd: staging, strict: true, noMtime: true },
    filter: (file) =>
      !signal?.aborted && (file === 'package/LICENSE' || isKept(name, file.replace(/^package\/files\//, ''))),
    // All are put beside each other, without the package's folders.
    onReadEntry: (entry) => {
      entry.path = path.posix.basename(entry.path);
    },
  });
  const files = [];
  for (const file of (await readdir(staging)).filter((one) => isKept(name, one)).sort()) {
    throwIfAborted(signal);
    const [font] = readFonts(path.join(staging, file));
    if (font === undefined) continue;
    files.push({ name: file, size: (await stat(font.file)).size, covers: formatRanges(font.covers) });
  }
  if (files.length === 0) throw downloadFailed(`the package ${from} ${version} has none of the files of ${name}`);
  const { family } = catalogue[name];
  return { name, family, licence, package: from, version, pulled: new Date().toISOString(), files };
}

async function checkRoom(folder: string, bytes: number): Promise<void> {
  const lack = await describeLackOfRoom(folder, bytes);
  if (lack !== undefined) throw new PaddleLabError('FILE_UNWRITABLE', `${lack}; free some, or ${cacheHint}`);
}

function offlineError(name: FontName): Error {
  return downloadFailed(
    `Expected the font ${name} in the cache but it was not fetched yet, and offline mode is on (option \`offline\`, or ` +
      'PADDLELAB_OFFLINE). Turn it off; or put a font (.ttf, .otf, .woff) into a folder, and name that in PADDLELAB_FONTS',
  );
}
