import path from 'node:path';
import { mkdirSync, rmSync, writeFileSync } from '../files/fs';
import type { ConfigStep } from '../native/binding';
import { cacheFolder, warnOfCache } from '../runtime/cache';
import { TemporaryFolder } from '../temporary-folder';

const folders = new Map<string, string>();

/**
 * Where the OpenVINO engine keeps the models that it has compiled: by default the working directory, where they are not wanted
 * them. Where the cache can't be written to, a folder that goes with this process.
 *
 * @throws PaddleLabError FILE_UNWRITABLE
 */
export function engineCacheStep(): ConfigStep {
  const wanted = path.join(cacheFolder(), 'openvino');
  let folder = folders.get(wanted);
  if (folder === undefined) {
    folder = madeFolder(wanted);
    folders.set(wanted, folder);
  }
  return { method: 'SetOptimCacheDir', arguments: [folder] };
}

function madeFolder(wanted: string): string {
  const probe = path.join(wanted, `.writable-${process.pid}`);
  try {
    mkdirSync(wanted, { recursive: true });
    writeFileSync(probe, '');
    rmSync(probe, { force: true });
    return wanted;
  } catch (error) {
    warnOfCache(error);
    return TemporaryFolder.create('openvino').path;
  }
}
