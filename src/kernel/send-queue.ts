import type { Framing, Outgoing } from './protocol';

/** The part of a ZeroMQ socket that is needed here. */
export interface SendingSocket {
  send(frames: (string | Uint8Array)[]): Promise<void>;
}

/** Beyond this, a burst of output is sent as several messages, so that a client can show it as it comes. */
const MAX_STREAM_LENGTH = 65_536;

/**
 * Sends messages one after the other, each when the socket has taken the one before: a ZeroMQ socket refuses what comes
 * while it is busy. Neighbouring pieces of one output stream are joined while they wait.
 */
export class SendQueue {
  private readonly waiting: Outgoing[] = [];
  private sending: Promise<void> | undefined;

  constructor(
    private readonly socket: SendingSocket,
    private readonly framing: Framing,
  ) {}

  push(message: Outgoing): void {
    const last = this.waiting.at(-1);
    if (last !== undefined && isSameStream(last, message) && String(last.content.text).length < MAX_STREAM_LENGTH) {
      last.content.text = `${last.content.text}${message.content.text}`;
      return;
    }
    this.waiting.push(message);
    this.sending ??= this.sendAll();
  }

  /** Settles when everything has been handed to the socket. */
  async drained(): Promise<void> {
    await this.sending;
  }

  private async sendAll(): Promise<void> {
    // One turn of the loop later, so that messages that are already here can be joined.
    await new Promise((resolve) => setImmediate(resolve));
    for (let message = this.waiting.shift(); message !== undefined; message = this.waiting.shift()) {
      await this.socket.send(this.framing.encode(message));
    }
    this.sending = undefined;
  }
}

function isSameStream(a: Outgoing, b: Outgoing): boolean {
  return (
    a.type === 'stream' &&
    b.type === 'stream' &&
    a.content.name === b.content.name &&
    a.parent.msg_id === b.parent.msg_id
  );
}
