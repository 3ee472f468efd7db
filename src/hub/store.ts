import path from 'node:path';
import { readdir, readFile, stat, statIfThere, writeFile } from '../files/fs';
import { cacheFolder } from '../runtime/cache';

/** A file of a pulled model, relative to its folder. */
export interface PulledFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** What is noted in a model's folder when it was pulled. */
interface Manifest {
  readonly name: string;
  readonly source: string;
  readonly url: string;
  readonly sha256?: string;
  readonly pulled: string;
  readonly files: readonly PulledFile[];
}

/** An official model in the cache. */
export interface PulledModel extends Manifest {
  /** The source that it came from; `own place` for a folder or server of your own. */
  readonly source: string;
  /** Where exactly. */
  readonly url: string;
  /** SHA-256 of the archive or wheel; missing if the source has single files. */
  readonly sha256?: string;
  /** ISO date. */
  readonly pulled: string;
  /** Its folder, which `loadModel` also accepts. */
  readonly path: string;
  /** Bytes on disk. */
  readonly size: number;
  /** False if files were removed or have another size since; pulling it again repairs it. */
  readonly complete: boolean;
}

const manifestName = '.paddlelab-model.json';

/** The folder of the pulled models: PADDLELAB_MODELS, else `models` in the cache of paddlelab. */
export function modelsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.PADDLELAB_MODELS) return path.resolve(environment.PADDLELAB_MODELS);
  return path.join(cacheFolder(environment), 'models');
}

export function modelFolder(name: string, environment?: NodeJS.ProcessEnv): string {
  return path.join(modelsFolder(environment), name);
}

/** Partial downloads of a model. Names with a dot are no models. */
export function downloadsFolder(name: string, environment?: NodeJS.ProcessEnv): string {
  return path.join(modelsFolder(environment), '.downloads', name);
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFile(path.join(folder, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** The model in a folder of the cache; undefined if there is none. */
export async function readPulled(folder: string): Promise<PulledModel | undefined> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return undefined;
  const sizes = await Promise.all(
    manifest.files.map((file) => stat(path.join(folder, file.path)).catch(() => undefined)),
  );
  return {
    ...manifest,
    path: folder,
    size: manifest.files.reduce((sum, file) => sum + file.size, 0),
    complete: manifest.files.every((file, i) => sizes[i]?.size === file.size),
  };
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(path.join(folder, manifestName), 'utf8')) as Manifest;
    const complete =
      typeof manifest.name === 'string' && manifest.files.length > 0 && manifest.files.every(isPulledFile);
    return complete ? manifest : undefined;
  } catch {
    // Written last: without it, or if it is damaged, the folder is no complete model.
    return undefined;
  }
}

function isPulledFile({ path: file, size, sha256 }: PulledFile): boolean {
  return typeof file === 'string' && typeof size === 'number' && typeof sha256 === 'string';
}

/** All models in the cache, by name. */
export async function readAllPulled(environment?: NodeJS.ProcessEnv): Promise<ReadonlyMap<string, PulledModel>> {
  const folder = modelsFolder(environment);
  const names = (await statIfThere(folder)) === undefined ? [] : await readdir(folder);
  const found = await Promise.all(
    names.filter((name) => !name.startsWith('.')).map((name) => readPulled(path.join(folder, name))),
  );
  return new Map(found.flatMap((model) => (model === undefined ? [] : [[model.name, model] as const])));
}
