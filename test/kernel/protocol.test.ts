import { expect, test } from 'vitest';
import { address, Framing, type Outgoing } from '../../src/kernel/jupyter-protocol';
import { SendQueue } from '../../src/kernel/send-queue';

const message: Outgoing = {
  type: 'stream',
  identities: [Buffer.from('client')],
  parent: { msg_id: 'm1' },
  content: { name: 'stdout', text: 'ü' },
};

function frames(framing: Framing, outgoing: Outgoing = message): Buffer[] {
  return framing.encode(outgoing).map((frame) => Buffer.from(frame as string));
}

test('a signed message survives a round trip', () => {
  const framing = new Framing({ key: 'secret', signature_scheme: 'hmac-sha256' });
  const request = framing.decode(frames(framing));
  expect(request).toMatchObject({ header: { msg_type: 'stream' }, parent: message.parent, content: message.content });
  expect(request?.identities.map(String)).toEqual(['client']);
});

test('an unsigned, changed, truncated or malformed message is dropped', () => {
  const framing = new Framing({ key: 'secret' });
  const good = frames(framing);
  expect(framing.decode(frames(new Framing({ key: '' })))).toBeUndefined();
  expect(framing.decode(frames(new Framing({ key: 'other' })))).toBeUndefined();
  expect(framing.decode([...good.slice(0, -1), Buffer.from('{"text":"changed"}')])).toBeUndefined();
  expect(framing.decode(good.slice(0, 4))).toBeUndefined();
  expect(framing.decode([])).toBeUndefined();
});

test('without a key nothing is signed', () => {
  const framing = new Framing({ key: '' });
  expect(framing.decode(frames(framing))).toBeDefined();
});

test('addresses of both transports', () => {
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  expect(address({ transport: 'tcp', ip: '127.0.0.1', key: '', ...ports }, 'hb')).toBe('tcp://127.0.0.1:5');
  expect(address({ transport: 'ipc', ip: '/tmp/k', key: '', ...ports }, 'shell')).toBe('ipc:///tmp/k-1');
});

test('the send queue awaits each send, keeps the order, and joins neighbours of one stream', async () => {
  const framing = new Framing({ key: '' });
  const sent: string[] = [];
  let busy = false;
  const queue = new SendQueue(
    {
      async send(parts) {
        expect(busy).toBe(false);
        busy = true;
        await new Promise((resolve) => setImmediate(resolve));
        busy = false;
        const content = JSON.parse(String(parts.at(-1)));
        sent.push(content.text === undefined ? content.state : `${content.name}:${content.text}`);
      },
    },
    framing,
  );
  const stream = (name: string, text: string, parent = 'm1'): Outgoing => ({
    ...{ type: 'stream', identities: [], parent: { msg_id: parent }, content: { name, text } },
  });
  for (const text of ['a', 'b', 'c']) queue.push(stream('stdout', text));
  queue.push(stream('stderr', 'd'));
  queue.push(stream('stderr', 'e', 'm2'));
  queue.push({ type: 'status', identities: [], parent: {}, content: { state: 'idle' } });
  await queue.drained();
  queue.push(stream('stdout', 'f'));
  await queue.drained();
  expect(sent).toEqual(['stdout:abc', 'stderr:d', 'stderr:e', 'idle', 'stdout:f']);
});
