import type { Tensor } from '../../../inference/tensor';
import type { ReceivedTensor } from '../../../open-inference/described-tensor';
import { sharedMemoryExtension } from '../../../open-inference/shared-memory';
import type { EncodedInput } from '../encode';
import type { ServerFacts } from '../metadata';
import type { ModelServer } from '../model-server';
import { sharedMemoryAdvice } from '../refusal';
import { RemoteError } from '../remote-error';
import { RunRequest } from '../request';
import { Region, regionSize } from './region';

const leastSize = 4096;
/** How long servers may take to forget a region. */
const unregisterTimeoutMs = 1000;

/** Shared memory of sessions that share connections: as many regions as runs at the same time. */
export class SharedRegions {
  private readonly free: Region[] = [];
  /** Regions that servers are about to forget. */
  private readonly leaving = new Set<Promise<unknown>>();

  /**
   * Writes inputs into a region that no other run uses, and passes on how a server runs them from there.
   *
   * @throws PaddleLabError FILE_UNWRITABLE, and those of `run`
   */
  async use(
    inputs: readonly EncodedInput[],
    outputs: readonly string[],
    run: (infer: (server: ModelServer, signal: AbortSignal) => Promise<ReceivedTensor[]>) => Promise<Tensor[]>,
  ): Promise<Tensor[]> {
    const tensors = inputs.map(({ bytes }) => bytes());
    const region = this.take(regionSize(tensors));
    try {
      const request = new RunRequest(inputs, outputs, await region.write(tensors));
      const result = await run((server, signal) => infer(server, region, request, signal));
      this.free.push(region);
      return result;
    } catch (error) {
      // Servers may still read it, or are wrong about it.
      this.drop(region);
      throw error;
    }
  }

  /** The smallest that is large enough, or a new one in place of the largest that is not. */
  private take(size: number): Region {
    this.free.sort((a, b) => a.byteSize - b.byteSize);
    const place = this.free.findIndex(({ byteSize }) => byteSize >= size);
    if (place !== -1) return this.free.splice(place, 1)[0]!;
    const small = this.free.pop();
    if (small !== undefined) this.drop(small);
    // Pages that are not written take no memory.
    return Region.create(Math.max(leastSize, 2 ** Math.ceil(Math.log2(size))));
  }

  private drop(region: Region): void {
    region.remove();
    for (const server of region.servers) {
      // A server that is gone has nothing to forget.
      const done = server
        .unregisterRegion(region.name, AbortSignal.timeout(unregisterTimeoutMs))
        .catch(() => undefined);
      this.leaving.add(done);
      void done.then(() => this.leaving.delete(done));
    }
  }

  /** After the last run. */
  async close(): Promise<void> {
    for (const region of this.free.splice(0)) this.drop(region);
    await Promise.all(this.leaving);
  }
}

/** @throws RemoteError if a server does not announce that it takes shared memory */
export function checkOffersRegions({ url }: ModelServer, { sharedMemory }: ServerFacts): void {
  if (sharedMemory) return;
  throw new RemoteError(url, `the server does not announce ${sharedMemoryExtension}; ${sharedMemoryAdvice}`);
}

async function infer(
  server: ModelServer,
  region: Region,
  request: RunRequest,
  signal: AbortSignal,
): Promise<ReceivedTensor[]> {
  await register(server, region, signal);
  try {
    return await server.infer(request, signal);
  } catch (error) {
    if (!mayBeUnknown(error) || (await isKnown(server, region, signal))) throw error;
    // It was restarted, and has no regions.
    region.servers.delete(server);
    await register(server, region, signal);
    return server.infer(request, signal);
  }
}

/** Triton answers for an unknown region what it answers for an unknown model. */
function mayBeUnknown(error: unknown): boolean {
  return error instanceof RemoteError && (!error.mayRepeat || error.code === 'MODEL_NOT_FOUND');
}

async function register(server: ModelServer, region: Region, signal: AbortSignal): Promise<void> {
  if (region.servers.has(server)) return;
  checkOffersRegions(server, await server.describe(signal));
  await server.registerRegion(region, signal);
  region.servers.add(server);
}

/** A server that does not answer is not asked again. */
async function isKnown(server: ModelServer, { name }: Region, signal: AbortSignal): Promise<boolean> {
  try {
    await server.checkRegion(name, signal);
    return true;
  } catch (error) {
    return !(error instanceof RemoteError) || error.mayRepeat;
  }
}
