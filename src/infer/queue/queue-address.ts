import { PaddleLabError } from '../../errors';

/** Where the queue is. */
export interface QueueAddress {
  /** With user and password. */
  readonly url: string;
  /** Without, for messages. */
  readonly shown: string;
}

/**
 * Reads `redis://host:port/db`, or `rediss://…` for TLS.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function readQueueAddress(name: string, text: string): QueueAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong(name, text);
  }
  if (!/^rediss?:$/.test(url.protocol) || url.hostname === '' || !/^\/?\d*$/.test(url.pathname))
    throw wrong(name, text);
  if (url.search !== '' || url.hash !== '') throw wrong(name, text);
  const database = url.pathname.replace('/', '') || '0';
  return { url: text, shown: `${url.protocol}//${url.hostname}:${url.port || 6379}/${database}` };
}

function wrong(name: string, text: string): PaddleLabError {
  // It may have a password.
  const shown = text.replace(/\/\/[^@/]*@/, '//…@');
  return new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected redis://host:port or redis://host:port/db (rediss:// with TLS) for ${name} but received "${shown}"`,
  );
}
