import { Worker } from 'node:worker_threads';
import { PaddleLabError } from '../../errors';
import { readFile } from '../../files/fs';
import { distFile } from '../../package-root';
import { abortError, throwIfAborted } from '../../validate';
import { type PackedCoco, packCoco } from './pack';
import type { PackReply, PackRequest } from './worker';

/** Bytes that are parsed here: that takes some milliseconds, about as long as to start a thread. */
const smallFile = 500_000;

/**
 * Reads a file in COCO's format; a large one is parsed in a thread of its own, so that this one is not held up.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, DATASET_INVALID, ABORTED
 */
export async function readPackedCoco(file: string, signal: AbortSignal | undefined): Promise<PackedCoco> {
  const bytes = await readFile(file);
  throwIfAborted(signal);
  return bytes.length <= smallFile ? packCoco(file, bytes) : packInThread({ file, bytes }, signal);
}

function packInThread(request: PackRequest, signal: AbortSignal | undefined): Promise<PackedCoco> {
  const { buffer } = request.bytes;
  const transferList = buffer instanceof ArrayBuffer ? [buffer] : [];
  const worker = new Worker(distFile('datasets/coco/worker.js'), { workerData: request, transferList, execArgv: [] });
  return new Promise<PackedCoco>((resolve, reject) => {
    const onAbort = (): void => {
      reject(abortError(signal));
      void worker.terminate();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const fail = (reason: string, cause?: Error): void => {
      reject(new PaddleLabError('DATASET_INVALID', `Could not read ${request.file}: ${reason}`, { cause }));
    };
    worker.once('message', (reply: PackReply) => {
      if (reply.kind === 'packed') resolve(reply.content);
      else reject(new PaddleLabError('DATASET_INVALID', reply.message));
    });
    // Such as a file that does not fit into the thread's memory.
    worker.once('error', (error) => fail(error.message, error));
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', onAbort);
      fail(`its thread ended with ${code}`);
    });
  });
}
