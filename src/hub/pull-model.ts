import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { rm } from '../files/fs';
import { makeCacheFolder, removeRemains, stagingFolder } from '../files/staged-folder';
import { proxiesOf } from '../http/dispatcher';
import { downloadFailed } from '../http/download-failed';
import { HttpClient } from '../http/http-client';
import { isOffline } from '../http/offline';
import { acquireLock } from '../processes/lock';
import type { InstallProgress } from '../runtime/fetch-options';
import { throwIfAborted } from '../validate';
import type { CatalogueRow } from './catalogue/catalogue-row';
import { type OfficialModelName, officialModels } from './catalogue/official-models';
import { PinnedDigests } from './pins';
import { archiveName } from './sources/baidu';
import type { Source } from './sources/source';
import { chooseSources } from './sources/sources';
import { type Staged, stage } from './stage';
import { listFiles, publish } from './staging';
import { downloadsFolder, modelFolder, modelsFolder, type PulledModel, readPulled, writeManifest } from './store';

/** How far a pull is. Counts are bytes; `total` is 0 while it is unknown. */
export interface PullProgress extends InstallProgress {
  /** The source that is being tried. */
  source?: string;
}

/** A source that could not be used, and why. */
export interface TriedSource {
  readonly source: string;
  readonly reason: string;
}

export interface PullSettings {
  readonly source?: string | undefined;
  readonly offline?: boolean | undefined;
  readonly update?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report: (progress: PullProgress) => void;
  /** Called for each source that could not be used. */
  readonly onTried?: (tried: TriedSource) => void;
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  readonly pauseMs?: number;
}

/** Sizes in the catalogue are those of older exports. */
const sizeFactor = 5;
const sizeMargin = 200e6;
/** The largest official model has about 15 GB. */
const largestModel = 40e9;

/** Makes an official model available in the cache; returns at once if it is there. */
export async function pullModel(name: OfficialModelName, settings: PullSettings): Promise<PulledModel> {
  const { environment = process.env, update = false, signal } = settings;
  const target = modelFolder(name, environment);
  const present = await readPulled(target);
  if (present?.complete && !update) return present;
  const sources = chooseSources(settings.source, environment.PADDLELAB_MODEL_SOURCE);
  const lock = await acquireLock(target, {
    ...(signal === undefined ? {} : { signal }),
    onWait: () => settings.report({ phase: 'wait', done: 0, total: 0 }),
  });
  const client = new HttpClient({ proxies: proxiesOf(environment), timeoutMs: settings.timeoutMs ?? 30_000 });
  try {
    // Another process may have pulled it while this one waited.
    const found = await readPulled(target);
    if (found?.complete && !update) return found;
    return await pullLocked(name, target, sources, client, { ...settings, environment });
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    lock.release();
    await client.close();
  }
}

type LockedSettings = PullSettings & { readonly environment: NodeJS.ProcessEnv };

async function pullLocked(
  name: OfficialModelName,
  target: string,
  sources: readonly Source[],
  client: HttpClient,
  settings: LockedSettings,
): Promise<PulledModel> {
  const { environment, signal, report } = settings;
  await makeCacheFolder(modelsFolder(environment), 'name a folder that you can write to in PADDLELAB_MODELS');
  await removeRemains(target);
  const staging = stagingFolder(target);
  const tried: TriedSource[] = [];
  try {
    for (const source of sources) {
      const reason = whyNot(source, name, settings);
      if (reason !== undefined) {
        tried.push({ source: source.name, reason });
        continue;
      }
      const result = await tryTo(async () => {
        report({ phase: 'find', source: source.name, done: 0, total: 0 });
        const location = await source.find(name, { client, environment, signal });
        return stage(location, staging, {
          ...{ client, environment, signal },
          downloads: path.join(downloadsFolder(name, environment), source.name.replace(' ', '-')),
          largest: largestOf(name),
          pauseMs: settings.pauseMs ?? 500,
          report: (progress) => report({ ...progress, source: source.name }),
        });
      }, signal);
      if (result instanceof Error) {
        const failed = { source: source.name, reason: messageOf(result) };
        tried.push(failed);
        settings.onTried?.(failed);
        await rm(staging, { recursive: true, force: true });
        continue;
      }
      return await keep(name, source, result, staging, target, settings);
    }
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  throw nothingWorked(name, tried, settings);
}

/** The result, or the failure if another source may do better. */
async function tryTo(work: () => Promise<Staged>, signal: AbortSignal | undefined): Promise<Staged | Error> {
  try {
    return await work();
  } catch (error) {
    throwIfAborted(signal);
    // A full disk or a missing permission is the same for every source.
    if (error instanceof PaddleLabError && (error.code === 'ABORTED' || error.code === 'FILE_UNWRITABLE')) throw error;
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Checks, notes and publishes what a source has given. */
async function keep(
  name: OfficialModelName,
  source: Source,
  { url, sha256, digests }: Staged,
  staging: string,
  target: string,
  { environment, update = false, signal, report }: LockedSettings,
): Promise<PulledModel> {
  report({ phase: 'verify', source: source.name, done: 0, total: 0 });
  const downloads = downloadsFolder(name, environment);
  try {
    const pins = await PinnedDigests.read(name, environment);
    // Another place of your own may have another export.
    await pins.check(source.name === 'own place' ? url : source.name, digests, update);
  } catch (error) {
    await rm(downloads, { recursive: true, force: true });
    throw error;
  }
  const files = await listFiles(staging, signal);
  const pulled = new Date().toISOString();
  const digest = sha256 === undefined ? {} : { sha256 };
  await writeManifest(staging, { name, source: source.name, url, ...digest, pulled, files });
  throwIfAborted(signal);
  await publish(staging, target, update);
  await rm(downloads, { recursive: true, force: true });
  return (await readPulled(target)) as PulledModel;
}

function whyNot(source: Source, name: OfficialModelName, settings: LockedSettings): string | undefined {
  const { only }: CatalogueRow = officialModels[name];
  if (isOffline(settings.offline, settings.environment) && !source.local)
    return 'not tried, because offline mode is on';
  const named = source.name !== 'own place' && settings.source === undefined;
  return named && only !== undefined && only !== source.name ? `not tried, because only ${only} has it` : undefined;
}

function largestOf(name: OfficialModelName): number {
  const { megabytes }: CatalogueRow = officialModels[name];
  return megabytes === undefined ? largestModel : megabytes * 1e6 * sizeFactor + sizeMargin;
}

function nothingWorked(name: string, tried: readonly TriedSource[], settings: LockedSettings): PaddleLabError {
  const list = tried.map(({ source, reason }) => `  - ${source}: ${reason}`).join('\n');
  const ways = isOffline(settings.offline, settings.environment)
    ? 'Offline mode is on (option `offline`, or PADDLELAB_OFFLINE): turn it off'
    : 'Check the network (proxies are read from HTTPS_PROXY and NO_PROXY) and run it again, which continues downloads';
  const own = `copy ${archiveName(name)} or the folder ${name} into a folder, and name that in PADDLELAB_MODEL_SOURCE`;
  return downloadFailed(
    `Expected to find the model ${name} in its sources but no source gave it:\n${list}\n` +
      `${ways}; or ${own} (or \`paddlelab models pull ${name} --source FOLDER\`)`,
  );
}
