import { type ChildProcess, fork } from 'node:child_process';
import { distFile } from '../package-root';

/** A started process, and how requests reach it. */
export interface WorkerChannel<Request> {
  readonly child: ChildProcess;
  send(request: Request): void;
  /** Frees what the conversation needed, once the process has ended. */
  close(): void;
}

/** Starts a process that hands each reply to `onReply`. */
export type StartChannel<Request, Reply> = (onReply: (reply: Reply) => void) => WorkerChannel<Request>;

/** Starts a compiled script of this library, `compare/child.js`, that is sent messages and answers with messages. */
export function nodeChannel<Request extends object, Reply>(script: string): StartChannel<Request, Reply> {
  return (onReply) => {
    const child = fork(distFile(script), {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.on('message', (reply) => onReply(reply as Reply));
    // A process that has just died can't be sent anything, and one that could not be started has no channel; both are
    // told by its end.
    return { child, send: (request) => void child.send?.(request, () => undefined), close: () => undefined };
  };
}
