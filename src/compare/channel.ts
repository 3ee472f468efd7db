import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { ExternalCommand } from '../backends/external/external-runtime';
import { readFile, writeFile } from '../files/fs';
import { type DataType, wrapTensorData } from '../inference/data-type';
import { nodeChannel, type StartChannel, type WorkerChannel } from '../processes/worker-channel';
import { TemporaryFolder } from '../temporary-folder';
import type { Feed, OpenRequest, Reply, TensorMessage, TurnRequest } from './measuring-protocol';

/** How a measuring process is started. */
export type Launch =
  /** This library, with an inference session. */
  | { readonly kind: 'session' }
  /** An external runtime. */
  | ({ readonly kind: 'external' } & ExternalCommand);

type Channel = WorkerChannel<OpenRequest | TurnRequest>;

export function startChannel(launch: Launch): StartChannel<OpenRequest | TurnRequest, Reply> {
  return launch.kind === 'session' ? nodeChannel('compare/child.js') : (onReply) => startLines(launch, onReply);
}

function startLines({ command, args }: ExternalCommand, onReply: (reply: Reply) => void): Channel {
  const folder = TemporaryFolder.create('compare');
  // Python's temporary files are removed with this folder.
  const env = { ...process.env, TMPDIR: folder.path };
  const child = spawn(command, [...args], { stdio: ['pipe', 'ignore', 'pipe', 'pipe'], env });
  // A process that could not be started has no streams; an event reports the failure.
  const input = child.stdin as Writable | null | undefined;
  input?.on('error', () => undefined);
  let text = '';
  (child.stdio?.[3] as Readable | undefined)?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) void readReply(line).then(onReply);
  });
  const send = (request: OpenRequest | TurnRequest): void => {
    const prepared = request.kind === 'open' ? withFiles(request, folder.path) : Promise.resolve(request);
    prepared.then(
      (plain) => void input?.write(`${JSON.stringify(plain)}\n`),
      (error: unknown) => onReply({ kind: 'error', code: undefined, message: String(error) }),
    );
  };
  return { child, send, close: () => folder.releaseSync() };
}

interface TensorFile extends Omit<TensorMessage, 'data'> {
  readonly file: string;
}

async function withFiles(request: OpenRequest, folder: string): Promise<object> {
  const feeds = await Promise.all(
    request.feeds.map((feed, i) =>
      Promise.all(
        feed.map(async ({ data, ...tensor }, j): Promise<TensorFile> => {
          const file = path.join(folder, `input-${i}-${j}`);
          await writeFile(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
          return { ...tensor, file };
        }),
      ),
    ),
  );
  return { ...request, feeds, folder };
}

async function readReply(line: string): Promise<Reply> {
  try {
    const reply = JSON.parse(line) as Reply;
    if (reply.kind !== 'opened') return reply;
    const files = reply.outputs as unknown as readonly (readonly TensorFile[])[];
    return { ...reply, outputs: await Promise.all(files.map(readFeed)) };
  } catch (error) {
    return { kind: 'error', code: undefined, message: `Invalid reply: ${line.slice(0, 200)} (${String(error)})` };
  }
}

function readFeed(files: readonly TensorFile[]): Promise<Feed> {
  return Promise.all(
    files.map(async ({ file, ...tensor }) => {
      const bytes = await readFile(file);
      const aligned = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
      return { ...tensor, data: wrapTensorData(tensor.dtype as DataType, aligned) };
    }),
  );
}
