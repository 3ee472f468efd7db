import type { ServeOptions } from '../../serve/options';
import { serve } from '../../serve/serve';
import { interruptible } from '../interruptible';
import { say, tell } from '../print';

/** Serves until a signal comes. @returns the exit code */
export async function runServe(models: Readonly<Record<string, string>>, options: ServeOptions): Promise<number> {
  const server = await interruptible((signal) => serve(models, { ...options, signal }));
  const ended = endSignal();
  const urls = [server.url, server.grpcUrl].filter((url) => url !== undefined).join(' and ');
  say(`Serving ${server.models.join(', ')} at ${urls}`);
  await ended;
  const cancelled = await server.close();
  if (cancelled === 0) return 0;
  tell(`error: ${cancelled} requests took longer than --grace and were cancelled`);
  return 1;
}

/** The first signal ends the server with care, the second one at once. */
function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const end = (): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end);
  });
}
