import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type * as Zeromq from 'zeromq';
import { Interrupter } from './interrupter';
import { address, type Channel, Framing, type JsonObject, type Request } from './jupyter-protocol';
import { LogFollower } from './log-follower';
import { watchParent } from './parent-watch';
import { SendQueue } from './send-queue';
import { type Answer, type FromIoThread, type IoThreadData, SharedState, type ToIoThread } from './thread-messages';

// This thread owns all five sockets. Heartbeat, control and output stay alive while a cell blocks the main thread.

const data = workerData as IoThreadData;
const zmq: typeof Zeromq = require(data.zeromq);

/** How long a client may take to subscribe to output before it gets the first reply. */
const SUBSCRIBE_MS = 1000;
/** How long the main thread may take to exit before it is killed. */
const SHUTDOWN_MS = 2000;
const LINGER_MS = 500;
/** How long to retry while an address is still in use. */
const BIND_MS = 4000;
/** Interval at which a slow reader is checked. */
const RETRY_MS = 5;
/** Messages queued in a socket for one slow client, each up to 64 kB of text. */
const MAX_UNREAD = 200;

const framing = new Framing(data.connection);
const state = new SharedState(data.shared);
let posted = 0;
const interrupter = new Interrupter(state, {
  get posted() {
    return posted;
  },
  askToInterrupt: () => post({ kind: 'interrupt', number: state.interrupts }),
  ping: () => post({ kind: 'ping' }),
});

// A page that connects again keeps its identity. Without the handover, ZeroMQ would ignore it until its old connection is
// closed, which a server or kernel gateway may not do for long.
const requests = { linger: LINGER_MS, handover: true };

const sockets = {
  // A slow client makes sending wait; by default ZeroMQ would drop its messages.
  iopub: new zmq.XPublisher({
    ...{ linger: LINGER_MS, sendHighWaterMark: MAX_UNREAD, noDrop: true, sendTimeout: 0, verbosity: 'allSubs' },
  }),
  shell: new zmq.Router({ ...requests, sendHighWaterMark: 0 }),
  control: new zmq.Router(requests),
  stdin: new zmq.Router(requests),
  hb: new zmq.Reply({ linger: 0 }),
};
const queues: Record<Channel, SendQueue> = {
  iopub: new SendQueue({ send: sendWhenRead }, framing, (size) => state.addWaiting(-size)),
  shell: new SendQueue(sockets.shell, framing, (size) => state.addWaiting(-size)),
  control: new SendQueue(sockets.control, framing),
  stdin: new SendQueue(sockets.stdin, framing),
};
const nativeLog = new LogFollower((message) => queues.iopub.push(message));

/** Sends as soon as the slowest reader has room. */
async function sendWhenRead(frames: (string | Uint8Array)[]): Promise<void> {
  for (;;) {
    try {
      await sockets.iopub.send(frames);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await sleep(RETRY_MS);
    }
  }
}

let mainIsReady = false;
let announced = false;
let markSubscribed: () => void = () => {};
const subscribed = new Promise<void>((resolve) => {
  markSubscribed = resolve;
});

function post(message: FromIoThread): void {
  posted += 1;
  parentPort?.postMessage(message);
}

function publish(request: Request | undefined, type: string, content: JsonObject): void {
  queues.iopub.push({ type, identities: [], parent: request?.header ?? {}, content });
}

function reply(channel: Channel, request: Request, type: string, content: JsonObject): void {
  queues[channel].push({ type, identities: request.identities, parent: request.header, content });
}

async function serveShell(): Promise<void> {
  for await (const frames of sockets.shell) {
    const request = framing.decode(frames);
    if (request === undefined) continue;
    // Answered here while the compiler loads: clients wait for this reply before they show the kernel as ready.
    if (!mainIsReady && request.header.msg_type === 'kernel_info_request') await answerKernelInfo('shell', request);
    else post({ kind: 'shell', request, interrupts: state.interrupts });
  }
}

async function answerKernelInfo(channel: Channel, request: Request): Promise<void> {
  // Without this wait, a client that acts on this reply would miss output published before its subscription has
  // arrived.
  await Promise.race([subscribed, sleep(SUBSCRIBE_MS)]);
  publish(request, 'status', { execution_state: 'busy' });
  reply(channel, request, 'kernel_info_reply', data.kernelInfo);
  publish(request, 'status', { execution_state: 'idle' });
}

async function serveStdin(): Promise<void> {
  for await (const frames of sockets.stdin) {
    const request = framing.decode(frames);
    if (request?.header.msg_type !== 'input_reply') continue;
    data.answers.postMessage({ value: String(request.content.value ?? '') } satisfies Answer);
    state.addAnswer();
  }
}

async function serveControl(): Promise<void> {
  for await (const frames of sockets.control) {
    const request = framing.decode(frames);
    if (request !== undefined) await handleControl(request);
  }
}

async function handleControl(request: Request): Promise<void> {
  if (request.header.msg_type === 'kernel_info_request') return answerKernelInfo('control', request);
  publish(request, 'status', { execution_state: 'busy' });
  switch (request.header.msg_type) {
    case 'interrupt_request':
      state.addInterrupt();
      if ((await interrupter.interrupt()) === 'by force') post({ kind: 'recover' });
      reply('control', request, 'interrupt_reply', { status: 'ok' });
      break;
    case 'shutdown_request':
      reply('control', request, 'shutdown_reply', { status: 'ok', restart: request.content.restart === true });
      shutDown();
      break;
    case 'debug_request':
      reply('control', request, 'debug_reply', { type: 'response', success: false, message: 'No debugger' });
      break;
  }
  publish(request, 'status', { execution_state: 'idle' });
}

/** Asks the main thread to exit; if it is stuck, it is killed. */
function shutDown(): void {
  post({ kind: 'shutdown' });
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), SHUTDOWN_MS).unref();
}

async function serveHeartbeat(): Promise<void> {
  for await (const frames of sockets.hb) await sockets.hb.send(frames);
}

async function serveSubscriptions(): Promise<void> {
  for await (const [frame] of sockets.iopub) {
    if (frame?.[0] !== 1) continue;
    const topic = frame.subarray(1);
    queues.iopub.push({
      type: 'iopub_welcome',
      identities: [topic],
      parent: {},
      content: { subscription: topic.toString() },
    });
    // After the welcome message, which must come first; without a subscriber it would be dropped.
    if (!announced) publish(undefined, 'status', { execution_state: 'starting' });
    announced = true;
    markSubscribed();
  }
}

function onMainMessage(message: ToIoThread): void {
  switch (message.kind) {
    case 'send':
      nativeLog.flush();
      queues[message.channel].push(message.message, message.size);
      return;
    case 'ask':
      queues.stdin.push(message.message);
      return;
    case 'ready':
      mainIsReady = true;
      return;
    case 'fence':
      setImmediate(() => post({ kind: 'fence' }));
      return;
    case 'follow-log':
      nativeLog.follow(message.file);
      return;
    case 'log-cell':
      nativeLog.setCell(message.cell);
      return;
    case 'close':
      void close();
  }
}

async function close(): Promise<void> {
  await Promise.all(Object.values(queues).map((queue) => queue.drained()));
  for (const socket of Object.values(sockets)) socket.close();
  parentPort?.close();
}

/** The previous kernel's crash reporter may need the socket for a moment. */
async function bind(channel: keyof typeof sockets): Promise<void> {
  const deadline = performance.now() + BIND_MS;
  for (;;) {
    try {
      await sockets[channel].bind(address(data.connection, channel));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

async function start(): Promise<void> {
  for (const channel of ['iopub', 'hb', 'control', 'stdin', 'shell'] as const) {
    await bind(channel);
  }
  parentPort?.on('message', onMainMessage);
  watchParent(shutDown);
  await Promise.all([serveHeartbeat(), serveSubscriptions(), serveControl(), serveStdin(), serveShell()]);
}

void start();
