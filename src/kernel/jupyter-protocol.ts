import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** The version of the Jupyter messaging protocol that this kernel speaks. */
export const PROTOCOL_VERSION = '5.4';

/** The delimiter frame between the routing identities and the message. */
const DELIMITER = Buffer.from('<IDS|MSG>');

export type JsonObject = Record<string, unknown>;

export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

/** A message from a client. All of it can be cloned structurally, so that it can be passed between threads. */
export interface Request {
  identities: Uint8Array[];
  header: Header;
  parent: Partial<Header>;
  metadata: JsonObject;
  content: JsonObject;
  buffers: Uint8Array[];
}

/** A message from the kernel; its header is created when it is sent. */
export interface Outgoing {
  type: string;
  identities: Uint8Array[];
  parent: Partial<Header>;
  content: JsonObject;
  metadata?: JsonObject;
  /** Binary data, in the last frames. */
  buffers?: readonly Uint8Array[];
}

/** The contents of the connection file. */
export interface Connection {
  transport: string;
  ip: string;
  key: string;
  signature_scheme?: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
}

export type Channel = 'shell' | 'iopub' | 'stdin' | 'control';

export function address(connection: Connection, channel: Channel | 'hb'): string {
  const separator = connection.transport === 'ipc' ? '-' : ':';
  return `${connection.transport}://${connection.ip}${separator}${connection[`${channel}_port`]}`;
}

/** Signs outgoing frames and checks incoming ones, with the key and scheme of one connection file. */
export class Framing {
  private readonly key: string;
  private readonly hash: string;
  private readonly session = randomUUID();

  constructor(connection: Pick<Connection, 'key' | 'signature_scheme'>) {
    this.key = connection.key;
    this.hash = (connection.signature_scheme ?? 'hmac-sha256').replace(/^hmac-/, '');
  }

  encode(message: Outgoing): (string | Uint8Array)[] {
    const header: Header = {
      msg_id: randomUUID(),
      msg_type: message.type,
      session: this.session,
      username: 'kernel',
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    };
    const parts = [header, message.parent, message.metadata ?? {}, message.content].map((part) => JSON.stringify(part));
    return [...message.identities, DELIMITER, this.sign(parts), ...parts, ...(message.buffers ?? [])];
  }

  /** The message in these frames; undefined if they are malformed or their signature is wrong. */
  decode(frames: readonly Buffer[]): Request | undefined {
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    const [signature, ...rest] = frames.slice(at + 1);
    const parts = rest.slice(0, 4);
    if (at < 0 || signature === undefined || parts.length < 4 || !this.isSignedBy(signature, parts)) return undefined;
    try {
      const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString()));
      return { identities: frames.slice(0, at), header, parent, metadata, content, buffers: rest.slice(4) };
    } catch {
      return undefined;
    }
  }

  private sign(parts: readonly (string | Buffer)[]): string {
    if (this.key === '') return '';
    const hmac = createHmac(this.hash, this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  private isSignedBy(signature: Buffer, parts: readonly Buffer[]): boolean {
    const expected = Buffer.from(this.sign(parts));
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  }
}
