import { createHash } from 'node:crypto';
import net from 'node:net';
import { abortError, throwIfAborted } from '../validate';

export interface HeldLock {
  release(): void;
}

/**
 * Waits until this process is the only one of this user that holds the lock `name`.
 *
 * The lock is a listening socket in Linux's abstract namespace: the kernel gives a name to one process at a time and
 * takes it back when that process ends, however it ends. So there are no stale locks to break, and nobody polls: who
 * waits stays connected to the holder, and is woken when the connection drops.
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
      // A program that forgets nothing else should still be able to end.
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

/** Resolves when the holder lets go or ends; an error means that there is none any more. */
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
