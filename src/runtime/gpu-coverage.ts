import { createHash } from 'node:crypto';
import path from 'node:path';
import { PaddleLabError } from '../errors';
import { mkdir, readdir, readFile, rename, stat, writeFile } from '../files/fs';
import { cacheFolder } from './cache';
import type { GpuDevice } from './devices';
import { type GpuCode, readGpuCode } from './fat-binaries';
import type { PaddleRuntime } from './inspect';

/** The libraries with a GPU build's kernels: Paddle's own, and phi's next to it. */
const KERNELS = /^libphi(_\w+)?\.so$/;

/** The GPUs that a runtime has code for; empty if its library can't be parsed. Each library is read once. */
export async function gpuCodeOf(runtime: PaddleRuntime, cache: string = cacheFolder()): Promise<GpuCode[]> {
  if (runtime.build.device !== 'gpu') return [];
  const beside = await Promise.all(
    runtime.libraryPath.map(async (folder) =>
      (await readdir(folder).catch((): string[] => []))
        .filter((name) => KERNELS.test(name))
        .map((name) => path.join(folder, name)),
    ),
  );
  const libraries = [...new Set([runtime.library, ...beside.flat()])];
  return merge((await Promise.all(libraries.map((library) => remembered(library, cache)))).flat());
}

/**
 * A card is covered if more than half of the fat binaries fit: a linked-in library may bring a few for other cards.
 */
export function coversCard(code: readonly GpuCode[], capability: number): boolean {
  const all = code.reduce((sum, { count }) => sum + count, 0);
  const fitting = code.filter((one) => runsOn(one, capability)).reduce((sum, { count }) => sum + count, 0);
  return all === 0 || fitting * 2 > all;
}

function runsOn({ binaries, ptx }: GpuCode, capability: number): boolean {
  const major = Math.floor(capability / 10);
  return (
    binaries.some((one) => Math.floor(one / 10) === major && one <= capability) || ptx.some((one) => one <= capability)
  );
}

/** The code in most fat binaries: `6.1, 7.0, 7.5, 8.0, 8.6 and no PTX`. */
export function coverageWords(code: readonly GpuCode[]): string {
  const words = (numbers: readonly number[]): string => numbers.map(capabilityWords).join(', ');
  const most = [...code].sort((a, b) => b.count - a.count)[0];
  if (most === undefined) return 'unknown';
  const ptx = most.ptx.length === 0 ? 'and no PTX' : `and PTX of ${words(most.ptx)}`;
  return `${words(most.binaries)} ${ptx}`.trim();
}

export function capabilityWords(capability: number): string {
  return `${Math.floor(capability / 10)}.${capability % 10}`;
}

/** The fix for a card that a runtime has no code for. */
export const OTHER_BUILD =
  'install a build for this card: PyPI has no newer GPU build than 2.6.2, so name the index of ' +
  "Paddle's own installation page that fits your CUDA in PIP_EXTRA_INDEX_URL, then " +
  'npx paddlelab runtime install --gpu --version 3.3.1';

/**
 * Refuses a card that the runtime has no code for; Paddle itself would crash or give an obscure error. Cards with an
 * unknown compute capability pass.
 *
 * @throws PaddleLabError DEVICE_UNAVAILABLE
 */
export async function refuseUncoveredCard(
  runtime: PaddleRuntime,
  deviceId: number,
  gpus: readonly GpuDevice[],
  environment: NodeJS.ProcessEnv = process.env,
  cache?: string,
): Promise<void> {
  const cards = cardsOf(deviceId, gpus, environment);
  const known = cards.filter((card) => card.computeCapability !== undefined);
  if (known.length === 0 || known.length < cards.length) return;
  const code = await gpuCodeOf(runtime, cache);
  if (known.some((card) => coversCard(code, card.computeCapability ?? 0))) return;
  const names = known.map(
    (card) => `${card.name} (compute capability ${capabilityWords(card.computeCapability ?? 0)})`,
  );
  throw new PaddleLabError(
    'DEVICE_UNAVAILABLE',
    `Expected a GPU that Paddle ${runtime.version} has code for (compute capabilities ${coverageWords(code)}) ` +
      `for gpu:${deviceId} but received ${[...new Set(names)].join(' or ')}; ${OTHER_BUILD}; or use device: "cpu"`,
  );
}

/**
 * The cards that a CUDA device number may mean. nvidia-smi numbers cards by bus id; CUDA does so only if configured,
 * and otherwise puts the fastest first, so that with several cards the number alone is ambiguous.
 */
export function cardsOf(
  deviceId: number,
  gpus: readonly GpuDevice[],
  environment: NodeJS.ProcessEnv,
): readonly GpuDevice[] {
  const order = (environment.CUDA_VISIBLE_DEVICES ?? '').split(',').map((part) => part.trim());
  const named = order.map((part) =>
    gpus.find((gpu) => String(gpu.index) === part || (part.startsWith('GPU-') && gpu.uuid?.startsWith(part))),
  );
  const byUuid = order.every((part) => part.startsWith('GPU-'));
  const visible = named.every((gpu): gpu is GpuDevice => gpu !== undefined) ? named : gpus;
  const exact = byUuid || environment.CUDA_DEVICE_ORDER === 'PCI_BUS_ID';
  const card = visible[deviceId];
  if (exact) return card === undefined ? [] : [card];
  // CUDA_VISIBLE_DEVICES uses CUDA's numbers as well.
  return gpus;
}

function merge(code: readonly GpuCode[]): GpuCode[] {
  const found = new Map<string, GpuCode>();
  for (const one of code) {
    const key = `${one.binaries} ${one.ptx}`;
    found.set(key, { ...one, count: one.count + (found.get(key)?.count ?? 0) });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

async function remembered(library: string, cache: string): Promise<GpuCode[]> {
  const state = await stat(library).catch(() => undefined);
  if (state === undefined) return [];
  const key = JSON.stringify([1, path.resolve(library), state.size, state.mtimeMs]);
  const file = path.join(cache, 'gpu-code', `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as GpuCode[];
  } catch {
    // Not cached yet.
  }
  const code = await readGpuCode(library).catch((): GpuCode[] => []);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(`${file}.${process.pid}`, JSON.stringify(code));
    await rename(`${file}.${process.pid}`, file);
  } catch {
    // The cache is optional: the library is read again next time.
  }
  return code;
}
