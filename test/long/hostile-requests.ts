/** A request that is wrong, slow or too much. */
export interface HostileRequest {
  readonly name: string;
  /** Sent one after the other. */
  readonly parts: readonly (string | Uint8Array)[];
  readonly pauseMs?: number;
  /** Whether the client then says that nothing follows. */
  readonly end?: boolean;
  /** Whether a server may find nothing wrong with it. */
  readonly mayPass?: boolean;
}

export type Random = () => number;

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const path = '/v2/models/shapes/infer';
const bytes = 12_288 * 4;

function head(headers: Readonly<Record<string, string | number>>, method = 'POST', target = path): string {
  const lines = Object.entries({ host: 'localhost', connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

function post(
  body: string | Buffer,
  headers: Readonly<Record<string, string | number>> = {},
  target = path,
): (string | Uint8Array)[] {
  const packed = Buffer.from(body as string);
  return [head({ 'content-length': packed.length, ...headers }, 'POST', target), packed];
}

function described(more: object = {}): string {
  return JSON.stringify({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 3, 64, 64], parameters: { binary_data_size: bytes }, ...more }],
  });
}

function binary(
  json: string,
  size: number,
  announced: string | number = Buffer.byteLength(json),
): (string | Uint8Array)[] {
  return post(Buffer.concat([Buffer.from(json), Buffer.alloc(size)]), { 'inference-header-content-length': announced });
}

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

/** Each kind of malice, in turn. */
const kinds: readonly ((random: Random) => HostileRequest)[] = [
  (random) => {
    const [line, body] = binary(described(), bytes) as [string, Uint8Array];
    const sent = body.subarray(0, Math.floor(random() * body.length));
    return { name: 'a truncated body', parts: [line, sent], end: true };
  },
  (random) => {
    const [line, body] = binary(described(), bytes) as [string, Uint8Array];
    return { name: 'a body that stops', parts: [line, body.subarray(0, Math.floor(random() * body.length))] };
  },
  (random) => ({
    name: 'a lying length of JSON',
    parts: binary(described(), bytes, pick(random, [1, 10, 10 ** 6, 10 ** 15, -1, 'x', '1e3', '', '0x10', 2 ** 53])),
  }),
  (random) => {
    const size = pick(random, [0, 4, bytes - 4, bytes + 4, 2 ** 31, 2 ** 53, -4, 1.5, '49152', null]);
    return {
      name: 'a lying size of a tensor',
      parts: binary(described({ parameters: { binary_data_size: size } }), bytes),
    };
  },
  (random) => {
    const shape = pick<unknown>(random, [
      ...[[2 ** 31, 2 ** 31], [2 ** 52], [1e300], [-1, 3, 64, 64], [0, 0], [], 'x', null, [null], [[1]], [1.5]],
      Array.from({ length: 100_000 }, () => 1),
    ]);
    return { name: 'a huge or wrong shape', parts: binary(described({ shape }), bytes) };
  },
  (random) => ({
    name: 'a wrong request',
    parts: post(
      pick(random, [
        ...[
          '',
          'null',
          '[]',
          '1',
          '"x"',
          '{',
          '{"inputs":null}',
          '{"inputs":[null]}',
          '{"inputs":[[]]}',
          '{"inputs":[{}]}',
        ],
        '{"__proto__":{"inputs":[]}}',
        '{"inputs":[{"name":"__proto__","datatype":"FP32","shape":[1],"data":[1]}]}',
        '{"inputs":[{"name":"x","datatype":"constructor","shape":[1],"data":[1]}]}',
        '{"inputs":[{"name":"x","datatype":"BYTES","shape":[1],"data":["a"]}]}',
        described({ parameters: undefined, data: 'x' }),
        described({ parameters: undefined, data: [1] }).replace('[1]', '[1e999]'),
        described({ parameters: undefined, data: [{}] }),
        `{"inputs":${'['.repeat(100_000)}`,
        `{"inputs":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
        `{"inputs":[],"id":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
        `{"inputs":[${'{},'.repeat(100_000)}{}]}`,
        `{"inputs":[${'1'.repeat(1_000_000)}]}`,
      ]),
    ),
  }),
  (random) => {
    const noise = Buffer.from(
      Array.from({ length: 1 + Math.floor(random() * 3000) }, () => Math.floor(random() * 256)),
    );
    return {
      name: 'a body of noise',
      parts: post(noise, random() < 0.5 ? {} : { 'inference-header-content-length': noise.length }),
    };
  },
  (random) => {
    const line = pick(random, [
      ...[
        '\0\0\0\0\r\n\r\n',
        'GET\r\n\r\n',
        'GET / HTTP/9.9\r\n\r\n',
        'GET  /  HTTP/1.1\r\n\r\n',
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      ],
      `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`,
      `GET /v2/models/${'%00'.repeat(100)} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      `GET /v2/models/%E0%A4%A HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      `GET /v2/models/../../../etc/passwd HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: -5\r\n\r\n`,
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcde`,
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n`,
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n`,
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: gzip\r\n\r\n`,
      `POST ${path} HTTP/1.1\nhost: localhost\n\n`,
    ]);
    return { name: 'no HTTP', parts: [line], end: true };
  },
  (random) => {
    const some = 'x: y\r\n'.repeat(50_000);
    return {
      name: 'a million headers',
      parts: ['GET /v2 HTTP/1.1\r\n', ...Array.from({ length: 20 }, () => some)],
      end: random() < 0.5,
    };
  },
  (random) => ({
    name: 'too long a header',
    parts: [
      head({ [pick(random, ['authorization', 'content-type', 'x'])]: 'y'.repeat(Math.floor(17_000 + random() * 1e6)) }),
    ],
  }),
  (random) => {
    const slow = head({ 'content-length': 500 }).slice(0, -Math.ceil(random() * 20));
    return { name: 'headers letter by letter', parts: [...slow], pauseMs: 40 };
  },
  (random) => ({
    name: 'a body letter by letter',
    parts: [head({ 'content-length': 5000 + Math.floor(random() * 1000) }), ...Array.from({ length: 200 }, () => '1')],
    pauseMs: 30,
  }),
  (random) => {
    const announced = pick(random, [8_000_001, 2 ** 31, 2 ** 40, 10 ** 18]);
    return {
      name: 'a body that is announced as too large',
      parts: [head({ 'content-length': announced }), Buffer.alloc(100_000)],
      end: true,
    };
  },
  () => ({
    name: 'an endless body in chunks',
    parts: [
      head({ 'transfer-encoding': 'chunked' }),
      ...Array.from({ length: 150 }, () => `10000\r\n${'x'.repeat(65_536)}\r\n`),
    ],
    end: true,
  }),
  (random) => ({
    name: 'another method or content type',
    parts: [
      pick(random, [
        ...['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'].map((method) => head({ 'content-length': 0 }, method)),
        `${head(
          { 'content-type': 'multipart/form-data; boundary=x', 'content-length': 3 },
          'POST',
          '/v2/models/shapes/predict',
        )}abc`,
        `${head({ 'content-type': '/;;;=', 'content-length': 2 })}{}`,
        `${head({ 'content-encoding': 'gzip', 'content-length': 2 })}{}`,
        `${head({ expect: '200-maybe', 'content-length': 2 })}{}`,
        `${head({ upgrade: 'websocket', connection: 'Upgrade', 'content-length': 2 })}{}`,
      ]),
    ],
    end: true,
  }),
  (random) => ({
    name: 'no image',
    parts: post(pick(random, images), { 'content-type': 'image/png' }, '/v2/models/shapes/predict'),
  }),
];

const crcless = (width: number, height: number): Buffer => {
  const start = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  return Buffer.concat([start, size, Buffer.from('0802000000', 'hex'), Buffer.alloc(400)]);
};
const bmp = Buffer.concat([
  Buffer.from('BM'),
  Buffer.alloc(16),
  Buffer.from('ffffff7fffffff7f0100180000000000', 'hex'),
  Buffer.alloc(100),
]);

const images: readonly Buffer[] = [
  ...[Buffer.from('text'), crcless(100, 100), crcless(60_000, 60_000), crcless(0, 0), bmp],
  ...[Buffer.from('P6 99999999 99999999 255\n'), Buffer.from('GIF89a'), Buffer.from('ffd8ffe000104a464946', 'hex')],
  Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999"/>'),
];

/** The request of this number: always the same one. */
export function damage(seed: number): HostileRequest {
  const kind = kinds[seed % kinds.length] as (random: Random) => HostileRequest;
  return kind(randomOf(seed));
}
