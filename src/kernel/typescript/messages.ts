/** A message of the language-server protocol. */
export interface Message {
  id?: number | string;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { code: number; message: string };
}

const HEAD_END = '\r\n\r\n';

export function encodeMessage(message: Message): Buffer {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}${HEAD_END}`), body]);
}

/** Joins the parts of a stream to messages. */
export class MessageReader {
  private rest: Buffer = Buffer.alloc(0);

  /** The messages that are complete with this part. */
  read(part: Buffer): Message[] {
    this.rest = this.rest.length === 0 ? part : Buffer.concat([this.rest, part]);
    const messages: Message[] = [];
    for (;;) {
      const headEnd = this.rest.indexOf(HEAD_END);
      if (headEnd < 0) return messages;
      const length = Number(/Content-Length: (\d+)/i.exec(this.rest.toString('latin1', 0, headEnd))?.[1]);
      const start = headEnd + HEAD_END.length;
      if (this.rest.length < start + length) return messages;
      messages.push(JSON.parse(this.rest.toString('utf8', start, start + length)) as Message);
      this.rest = this.rest.subarray(start + length);
    }
  }
}
