import path from 'node:path';
import { mkdirSync, rmSync, writeFileSync } from '../files/fs';
import type { ConfigStep } from '../native/paddle-types';
import { cacheFolder, warnOfCache } from '../runtime/cache';
import { TemporaryFolder } from '../temporary-folder';

const folders = new Map<string, string>();

/**
 * The folder for the OpenVINO engine's compiled models, which it would otherwise write into the working directory: a
 * folder in paddlelab's cache, or, if that can't be written to, a temporary one that is removed with this process.
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
