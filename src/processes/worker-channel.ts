import { type ChildProcess, fork } from 'node:child_process';
import { distFile } from '../package-root';

/** A started process and its request channel. */
export interface WorkerChannel<Request> {
  readonly child: ChildProcess;
  send(request: Request): void;
  /** Frees the channel's resources, once the process has ended. */
  close(): void;
}

/** Starts a process; each of its replies is passed to `onReply`. */
export type StartChannel<Request, Reply> = (onReply: (reply: Reply) => void) => WorkerChannel<Request>;

/** Starts a compiled script of this library, such as `compare/child.js`, that communicates by IPC messages. */
export function nodeChannel<Request extends object, Reply>(script: string): StartChannel<Request, Reply> {
  return (onReply) => {
    const child = fork(distFile(script), {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.on('message', (reply) => onReply(reply as Reply));
    // Sending fails if the process has just died or could not be started; its exit event reports both.
    return { child, send: (request) => void child.send?.(request, () => undefined), close: () => undefined };
  };
}
