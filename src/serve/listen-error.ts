import { messageOf, PaddleLabError } from '../errors';

/** The text of a failed start. */
export function listenError(error: unknown, host: string, port: number): PaddleLabError {
  const { code } = error as NodeJS.ErrnoException;
  const where = `${host}:${port}`;
  const advice =
    code === 'EADDRINUSE'
      ? 'another program listens there; choose another port, or 0 for a free one'
      : code === 'EACCES'
        ? 'this user may not listen there; choose a port from 1024 on'
        : messageOf(error);
  return new PaddleLabError('INVALID_ARGUMENT', `Can't listen on ${where}: ${advice}`, { cause: error });
}
