import { mkdir } from '../files/fs';
import type { WheelRelease } from '../package-index/wheel-release';
import { fetchFromIndex } from './clients/paddlelab';
import { fetchWithPip } from './clients/pip';
import { fetchWithUv } from './clients/uv';
import type { Fetched, FetchOptions, WheelClient } from './fetch-options';

type Fetch = (release: WheelRelease, folder: string, options: FetchOptions) => Promise<Fetched>;

const clients: Readonly<Record<WheelClient, Fetch>> = {
  paddlelab: fetchFromIndex,
  pip: fetchWithPip,
  uv: fetchWithUv,
};

/** Fetches a wheel into `folder` with the chosen client; no other one is tried. */
export async function fetchWheel(release: WheelRelease, folder: string, options: FetchOptions = {}): Promise<Fetched> {
  await mkdir(folder, { recursive: true });
  options.onProgress?.({ phase: 'find', done: 0, total: 0 });
  return clients[options.client ?? 'paddlelab'](release, folder, options);
}
