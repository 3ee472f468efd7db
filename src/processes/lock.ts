import { createHash } from 'node:crypto';
import net from 'node:net';
import { abortError, throwIfAborted } from '../validate';

export interface HeldLock {
  release(): void;
}

/**
 * Acquires the lock `name`, which one process of this user can hold at a time; waits until it is free.
 *
 * The lock is a listening socket in Linux's abstract namespace: only one process can hold a name, and the system frees
 * it when that process exits for any reason. So there are no stale locks, and no polling: a waiting process stays
 * connected to the holder and wakes up when the connection closes.
 */
export async function acquireLock(
  name: string,
  options: { signal?: AbortSignal; onWait?: () => void } = {},
): Promise<HeldLock> {
  const address = addressOf(name);
  for (;;) {
    throwIfAborted(options.signal);
    const lock = await tryListen(address);
    if (lock !== undefined) return lock;
    options.onWait?.();
    throwIfAborted(options.signal);
    await waitForHolder(address, options.signal);
  }
}

function addressOf(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `\0paddlelab-${process.getuid?.() ?? 0}-${digest}`;
}

function tryListen(address: string): Promise<HeldLock | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => waiting.delete(socket));
      socket.resume();
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      // The lock alone must not keep the program running.
      server.unref();
      resolve({
        release: () => {
          server.close();
          for (const socket of waiting) socket.destroy();
        },
      });
    });
  });
}

/** Resolves when the holder releases the lock or ends; an error means that the holder is gone. */
function waitForHolder(address: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(address);
    const onAbort = (): void => {
      socket.destroy();
      reject(abortError(signal));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.on('error', () => {});
    socket.on('close', () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    socket.resume();
  });
}
