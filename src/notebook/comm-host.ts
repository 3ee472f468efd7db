import { PaddleLabError } from '../errors';

/** The payload of a comm message: JSON data and binary data. */
export interface CommContent {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly buffers?: readonly Uint8Array[];
}

/** The kernel's side of a comm. */
export interface CommChannel {
  readonly id: string;
  readonly target: string;
  readonly isOpen: boolean;
  /** A message sent while another one is being handled counts as an answer to it. */
  send(content: CommContent): void;
  close(data?: CommContent['data']): void;
}

/**
 * Receives the messages of a comm. Called synchronously while the message is handled, so it must be short and must not
 * run code of a cell.
 */
export interface CommListener {
  message(content: Required<CommContent>): void;
  /** The front end has closed the comm. */
  closed(data: CommContent['data']): void;
}

/** Accepts a comm opened by a front end. */
export type CommTarget = (channel: CommChannel, opening: Required<CommContent>) => CommListener;

/** How a handler ended. */
export type HandlerEnd = 'done' | 'interrupted';

/** Starts a handler as code of its cell; never throws. */
export type BoundHandler<T> = (value: T, onEnd?: (how: HandlerEnd) => void) => void;

/** The kernel's services for code that talks to front ends. */
export interface CommHost {
  open(target: string, listener: CommListener, content: CommContent): CommChannel;
  /** Allows front ends to open comms of this target. */
  register(target: string, accept: CommTarget): void;
  /** Binds a handler to the running cell: its output and errors go to that cell, and an interrupt cancels it. */
  bind<T>(handler: (value: T) => unknown): BoundHandler<T>;
}

let host: CommHost | undefined;

/** Undefined in a process that is not a kernel. */
export function currentCommHost(): CommHost | undefined {
  return host;
}

export function requireCommHost(): CommHost {
  if (host !== undefined) return host;
  throw new PaddleLabError(
    'NOTEBOOK_NEEDED',
    'Widgets and comms need the front end of a notebook, and this process is not a notebook kernel; run it in a notebook or in `paddlelab repl`',
  );
}

export function setCommHost(value: CommHost | undefined): void {
  host = value;
}
