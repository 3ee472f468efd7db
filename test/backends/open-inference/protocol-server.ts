import http from 'node:http';
import https from 'node:https';
import { LoopbackServer } from '../../helpers/loopback-server';

/** A tensor as the server handles it: little-endian bytes, or texts. */
export interface ServedTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly bytes: Buffer;
}

export interface ServedPort {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

export interface ServedModel {
  readonly name: string;
  readonly inputs: readonly ServedPort[];
  readonly outputs: readonly ServedPort[];
  /** Answers all outputs. */
  run(inputs: readonly ServedTensor[]): Promise<readonly ServedTensor[]>;
}

/** A request that was seen; `body` is complete. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Answers a request instead of the server; `false` leaves it to the server. */
export type Instead = (seen: Seen, response: http.ServerResponse) => boolean | undefined;

const sizes: Readonly<Record<string, number>> = {
  ...{ BOOL: 1, INT8: 1, UINT8: 1, INT16: 2, UINT16: 2, FP16: 2, BF16: 2 },
  ...{ INT32: 4, UINT32: 4, FP32: 4, INT64: 8, UINT64: 8, FP64: 8 },
};

/** The Open Inference Protocol v2 over HTTP, written from its specification, with faults that a test chooses. */
export class ProtocolServer extends LoopbackServer {
  readonly seen: Seen[] = [];
  /** Sizes of the answers of runs. */
  readonly answered: number[] = [];
  binary = true;
  /** Number of connections that were opened. */
  connections = 0;
  /** Once for each run, in order. */
  readonly instead: Instead[] = [];
  /** For all requests. */
  always: Instead | undefined;

  constructor(
    private readonly model: ServedModel,
    private readonly tls?: https.ServerOptions,
  ) {
    super(tls === undefined ? http.createServer() : https.createServer(tls));
    this.server.on('connection', () => this.connections++);
    this.server.on('request', (request, response) => void this.handle(request, response));
  }

  get url(): string {
    return `${this.tls === undefined ? 'http' : 'https'}://${this.host}`;
  }

  get runs(): number {
    return this.seen.filter(({ path }) => path.endsWith('/infer')).length;
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const seen = { method, path: url, headers, body: Buffer.concat(chunks) };
    this.seen.push(seen);
    if (this.always?.(seen, response)) return;
    const path = url.replace(/\/versions\/1(?=\/|$)/, '');
    const root = `/v2/models/${encodeURIComponent(this.model.name)}`;
    if (path === '/v2') return json(response, 200, this.serverFacts());
    if (path === root) return json(response, 200, this.modelFacts());
    if (path === `${root}/ready` || path === '/v2/health/ready') return void response.end();
    if (path !== `${root}/infer`) return json(response, 404, { error: `no ${path} here` });
    if (this.instead.shift()?.(seen, response)) return;
    await this.infer(seen, response).catch((error: unknown) => json(response, 400, { error: String(error) }));
  }

  private serverFacts(): object {
    return { name: 'test server', version: '1', extensions: this.binary ? ['binary_tensor_data'] : [] };
  }

  private modelFacts(): object {
    const { name, inputs, outputs } = this.model;
    return { name, versions: ['1'], platform: 'test', inputs, outputs };
  }

  private async infer({ body, headers }: Seen, response: http.ServerResponse): Promise<void> {
    const length = headers['inference-header-content-length'];
    if (length !== undefined && !this.binary) throw new Error('no binary tensors here');
    const head = length === undefined ? body.length : Number(length);
    const request = parse(body.subarray(0, head).toString());
    let at = head;
    const inputs = (request.inputs as ServedPort[]).map((input): ServedTensor => {
      const { parameters, data } = input as unknown as { parameters?: { binary_data_size: number }; data: unknown[] };
      if (parameters === undefined) return { ...input, bytes: toBytes(input.datatype, data) };
      at += parameters.binary_data_size;
      return { ...input, bytes: body.subarray(at - parameters.binary_data_size, at) };
    });
    if (at !== body.length) throw new Error(`${body.length - at} bytes too many`);
    const ran = await this.model.run(inputs);
    const asked = request.outputs as { name: string; parameters?: { binary_data?: boolean } }[] | undefined;
    // The order of outputs is the server's to choose.
    const outputs = [...ran].reverse().filter(({ name }) => asked?.some((one) => one.name === name) ?? true);
    const all = (request.parameters as { binary_data_output?: boolean } | undefined)?.binary_data_output === true;
    const asBytes = (name: string): boolean => asked?.find((one) => one.name === name)?.parameters?.binary_data ?? all;
    const described = outputs.map(({ bytes, ...output }) => {
      if (asBytes(output.name)) return { ...output, parameters: { binary_data_size: bytes.length } };
      return { ...output, data: new Raw(toJson(output.datatype, bytes)) };
    });
    const text = stringify({ model_name: this.model.name, model_version: '1', outputs: described });
    const parts = outputs.filter(({ name }) => asBytes(name)).map(({ bytes }) => bytes);
    if (parts.length > 0) response.setHeader('inference-header-content-length', Buffer.byteLength(text));
    const answer = Buffer.concat([Buffer.from(text), ...parts]);
    this.answered.push(answer.length);
    response.end(answer);
  }
}

/** Text that goes into JSON as it is: integers that a JavaScript number can't hold. */
class Raw {
  constructor(readonly text: string) {}
}

function stringify(value: unknown): string {
  const raws: string[] = [];
  const text = JSON.stringify(value, (_key, one: unknown) =>
    one instanceof Raw ? `@raw${raws.push(one.text) - 1}@` : one,
  );
  return text.replace(/"@raw(\d+)@"/g, (_match, i: string) => raws[Number(i)] as string);
}

/** Long integers become texts. */
function parse(text: string): Record<string, unknown> {
  return JSON.parse(text.replace(/(?<=[[,])-?\d{16,}(?=[\],])/g, (digits) => `"${digits}"`)) as Record<string, unknown>;
}

function json(response: http.ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function toBytes(datatype: string, data: readonly unknown[]): Buffer {
  if (datatype === 'BYTES') {
    const texts = data.map((text) => Buffer.from(String(text)));
    return Buffer.concat(texts.flatMap((text) => [Buffer.from(Uint32Array.of(text.length).buffer), text]));
  }
  const size = sizes[datatype] as number;
  const bytes = Buffer.alloc(data.length * size);
  for (const [i, value] of data.entries()) write(bytes, i * size, datatype, value as number | string | boolean);
  return bytes;
}

function write(bytes: Buffer, at: number, datatype: string, value: number | string | boolean): void {
  if (datatype === 'FP32') bytes.writeFloatLE(value as number, at);
  else if (datatype === 'FP64') bytes.writeDoubleLE(value as number, at);
  else if (datatype === 'INT64') bytes.writeBigInt64LE(BigInt(value), at);
  else if (datatype === 'UINT64') bytes.writeBigUInt64LE(BigInt(value), at);
  else if (datatype === 'BOOL') bytes.writeUInt8(value === true ? 1 : 0, at);
  else if (datatype.startsWith('UINT')) bytes.writeUIntLE(value as number, at, sizes[datatype] as number);
  else if (datatype.startsWith('INT')) bytes.writeIntLE(value as number, at, sizes[datatype] as number);
  else throw new Error(`no ${datatype} in JSON`);
}

function toJson(datatype: string, bytes: Buffer): string {
  if (datatype === 'BYTES') {
    const texts: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 4 + bytes.readUInt32LE(at);
      texts.push(bytes.toString('utf8', at + 4, end));
      at = end;
    }
    return JSON.stringify(texts);
  }
  const size = sizes[datatype] as number;
  const values = Array.from({ length: bytes.length / size }, (_, i) => read(bytes, i * size, datatype));
  return `[${values.join(',')}]`;
}

function read(bytes: Buffer, at: number, datatype: string): number | bigint | boolean | string {
  if (datatype === 'FP32') return jsonNumber(bytes.readFloatLE(at));
  if (datatype === 'FP64') return jsonNumber(bytes.readDoubleLE(at));
  if (datatype === 'INT64') return bytes.readBigInt64LE(at);
  if (datatype === 'UINT64') return bytes.readBigUInt64LE(at);
  if (datatype === 'BOOL') return bytes.readUInt8(at) === 1;
  if (datatype.startsWith('UINT')) return bytes.readUIntLE(at, sizes[datatype] as number);
  return bytes.readIntLE(at, sizes[datatype] as number);
}

function jsonNumber(value: number): string {
  if (Number.isNaN(value)) return 'null';
  return Object.is(value, -0) ? '-0.0' : String(value);
}
