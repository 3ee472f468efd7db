import http2 from 'node:http2';
import net from 'node:net';
import grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadGrpc } from '../../src/open-inference/grpc/library';
import { demoModel } from '../helpers/project';
import { GrpcCaller } from '../serve/grpc-caller';
import { ServedProcess } from '../serve/served-process';
import { type Random, randomOf } from './hostile-requests';

const count = 500;
/** Beyond what the server has after its first requests. */
const mostMemory = 400 * 2 ** 20;

let server: ServedProcess;
let caller: GrpcCaller;
let address: string;
beforeAll(async () => {
  const limits = ['--receive-timeout', '1000', '--max-body', '8000000', '--max-memory', '32000000'];
  const words = [`shapes=${demoModel('shapes_cls_mbv3s')}`, '--grpc-port', '0', ...limits, '--log', 'error'];
  server = await ServedProcess.start(words);
  address = server.grpcUrl!;
  caller = new GrpcCaller(address);
});
afterAll(async () => {
  caller?.close();
  server?.child.kill('SIGKILL');
  await server?.ended;
});

const input = { name: 'x', datatype: 'FP32', shape: [1, 3, 64, 64] };
const good = { modelName: 'shapes', inputs: [input], rawInputContents: [Buffer.alloc(12_288 * 4)] };
const packed = loadGrpc().inference.ModelInfer!.requestSerialize(good);

async function expectServing(after: string): Promise<void> {
  expect({ after, answer: await caller.call('ModelInfer', good) }).toMatchObject({ answer: { modelName: 'shapes' } });
}

/** Fields of nothing: many, long or nested objects. */
const bombs: readonly ((random: Random) => Buffer)[] = [
  (random) => Buffer.alloc(2 * Math.ceil(random() * 3e6), Buffer.from([Math.ceil(random() * 10) * 8 + 2, 0])),
  // One input whose shape has millions of extents.
  (random) => nested(0x2a, nested(0x1a, Buffer.alloc(Math.ceil(random() * 7e6), 1))),
  // One input with millions of elements.
  (random) => nested(0x2a, nested(0x2a, nested(8 * Math.ceil(random() * 8) + 2, Buffer.alloc(6e6, 1)))),
  // Millions of parameters.
  () => nested(0x2a, Buffer.alloc(6e6, Buffer.from([0x22, 0]))),
  // Groups in groups.
  (random) => Buffer.alloc(Math.ceil(random() * 5e6), 0x0b),
];

function nested(tag: number, content: Buffer): Buffer {
  const length: number[] = [];
  for (let left = content.length; ; left >>>= 7) {
    length.push(left < 128 ? left : (left & 127) | 128);
    if (left < 128) break;
  }
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

/** A damaged message. */
function damage(seed: number): Buffer {
  const random = randomOf(seed);
  if (seed % 10 === 0) return bombs[(seed / 10) % bombs.length]!(random);
  const message = Buffer.from(packed);
  if (seed % 3 === 0) return message.subarray(0, Math.floor(random() * message.length));
  for (let flips = 0; flips < 1 + random() * 8; flips++) {
    // The head, where names, types, shapes and lengths are.
    message[Math.floor(random() * 48)] = Math.floor(random() * 256);
  }
  return message;
}

test('damaged messages are refused or run, memory is bounded, and the next one is served', async () => {
  for (let i = 0; i < 5; i++) await expectServing('start');
  const before = server.memory();
  let largest = 0;
  const codes = new Map<number, number>();
  for (let start = 0; start < count; start += 10) {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => caller.call('ModelInfer', damage(start + i))),
    );
    largest = Math.max(largest, server.memory());
    for (const [i, answer] of answers.entries()) {
      const { code = grpc.status.OK, details = '' } = answer as { readonly code?: number; readonly details?: string };
      codes.set(code, (codes.get(code) ?? 0) + 1);
      const { OK, INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED } = grpc.status;
      const known = [OK, INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED].includes(code);
      expect({ seed: start + i, code, details, known }).toMatchObject({ known: true });
    }
    await expectServing(`messages from ${start} on`);
  }
  const grown = ((largest - before) / 2 ** 20).toFixed(0);
  process.stderr.write(`${count} messages: ${JSON.stringify([...codes])}, memory +${grown} MiB at most\n`);
  expect(largest - before).toBeLessThan(mostMemory);
  expect(codes.get(grpc.status.INVALID_ARGUMENT)).toBeGreaterThan(200);
});

test('damaged frames, huge headers and connections that say nothing are refused or closed', {
  timeout: 120_000,
}, async () => {
  const before = server.memory();
  const { hostname, port } = new URL(address);
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  const garbage = Array.from({ length: 100 }, (_, seed) => {
    const random = randomOf(seed);
    const bytes = Buffer.from(Array.from({ length: 4000 }, () => Math.floor(random() * 256)));
    return seed % 2 === 0 ? bytes : Buffer.concat([preface, settings, bytes]);
  });
  const silent = Array.from({ length: 50 }, () => Buffer.alloc(0));
  await Promise.all(
    [...garbage, ...silent].map(
      (bytes) =>
        new Promise((resolve) => {
          const socket = net.connect(Number(port), hostname);
          let answered = 0;
          // More than the server's settings: the refusal of a frame, after which Node keeps a connection.
          socket.on('data', ({ length }) => {
            answered += length;
            if (answered > settings.length) socket.destroy();
          });
          socket.on('error', () => undefined).once('close', resolve);
          socket.write(bytes);
          if (bytes.length > 0) socket.end();
        }),
    ),
  );
  await expectServing('garbage');
  const headers = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`x-${i}`, 'a'.repeat(20)]));
  const client = http2.connect(address.replace('grpc', 'http'), { maxSendHeaderBlockLength: 100_000_000 });
  const ended = new Promise((resolve) => client.once('close', resolve));
  client.on('error', () => undefined);
  const stream = client.request({
    ':path': '/inference.GRPCInferenceService/ModelInfer',
    ':method': 'POST',
    ...headers,
  });
  await new Promise((resolve) => stream.on('error', () => undefined).once('close', resolve));
  client.destroy();
  await ended;
  await expectServing('huge headers');
  expect(server.memory() - before).toBeLessThan(mostMemory);
});

test('many calls that never end do not keep others out', { timeout: 60_000 }, async () => {
  const slow = Array.from({ length: 20 }, () => new GrpcCaller(address));
  const halves = slow.flatMap((one) => Array.from({ length: 10 }, () => one.half()));
  await expectServing('slow calls');
  for (const answer of await Promise.all(halves)) expect(answer).toMatchObject({ code: grpc.status.DEADLINE_EXCEEDED });
  for (const one of slow) one.close();
});

test('it is the same process, which still ends as it should', async () => {
  expect(server.child.exitCode).toBe(null);
  expect(server.stderr()).toBe('');
  expect(await server.stop()).toBe(0);
});
