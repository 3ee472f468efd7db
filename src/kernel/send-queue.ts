import type { Framing, Outgoing } from './jupyter-protocol';

/** The part of a ZeroMQ socket that is needed here. */
export interface SendingSocket {
  send(frames: (string | Uint8Array)[]): Promise<void>;
}

/** A longer burst of output is sent as several messages, so that a client can show it as it arrives. */
const MAX_STREAM_LENGTH = 65_536;

/**
 * Sends messages one after the other, each when the socket has accepted the one before: a busy ZeroMQ socket rejects
 * messages. Consecutive pieces of one output stream are joined while they wait.
 */
export class SendQueue {
  private waiting: Waiting[] = [];
  private sending: Promise<void> | undefined;

  constructor(
    private readonly socket: SendingSocket,
    private readonly framing: Framing,
    /** Called with the size of each message that the socket has accepted. */
    private readonly onSent: (size: number) => void = () => {},
  ) {}

  push(message: Outgoing, size = 0): void {
    const last = this.waiting.at(-1);
    if (last !== undefined && isSameStream(last.message, message) && last.length < MAX_STREAM_LENGTH) {
      const text = String(message.content.text);
      last.more.push(text);
      last.length += text.length;
      last.size += size;
      return;
    }
    this.waiting.push({ message, more: [], length: String(message.content.text ?? '').length, size });
    this.sending ??= this.sendAll();
  }

  /** Settles when everything has been handed to the socket. */
  async drained(): Promise<void> {
    await this.sending;
  }

  private async sendAll(): Promise<void> {
    // One turn of the event loop later, so that messages already queued can be joined.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const entries = this.waiting;
      this.waiting = [];
      for (const entry of entries) {
        await this.socket.send(this.framing.encode(joined(entry)));
        this.onSent(entry.size);
      }
    }
    this.sending = undefined;
  }
}

/** A message, and later text of the same stream. */
interface Waiting {
  message: Outgoing;
  more: string[];
  length: number;
  size: number;
}

function joined({ message, more }: Waiting): Outgoing {
  if (more.length === 0) return message;
  return { ...message, content: { ...message.content, text: [message.content.text, ...more].join('') } };
}

function isSameStream(a: Outgoing, b: Outgoing): boolean {
  return (
    a.type === 'stream' &&
    b.type === 'stream' &&
    a.content.name === b.content.name &&
    a.parent.msg_id === b.parent.msg_id
  );
}
