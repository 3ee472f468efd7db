import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as zmq from 'zeromq';
import { readFileSync, rmSync } from '../files/fs';
import { LOG_FILE, NOTE_FILE, REPORT_FILE } from './crash-reporter';
import { address, type Connection, Framing, type Header, type JsonObject } from './jupyter-protocol';

// Run when a kernel has died: node report-crash.js CONNECTION_FILE FOLDER_OF_NOTES. It binds the kernel's output socket
// for a moment, to report the crash in the cell; the next kernel may need the socket soon.

/** How long clients may take to reconnect; less than a restarted kernel waits for the socket. */
const PATIENCE_MS = 3000;
/** After the first client, the wait for each further one. */
const QUIET_MS = 400;
/** Lines of the native log that are shown. */
const MOST_WORDS = 30;

async function main(connectionFile: string, folder: string): Promise<void> {
  const header = readJson(path.join(folder, NOTE_FILE)) as Header | undefined;
  const reason = explain(readJson(path.join(folder, REPORT_FILE)));
  const words = lastWords(path.join(folder, LOG_FILE));
  rmSync(folder, { recursive: true, force: true });
  const connection = readJson(connectionFile) as Connection | undefined;
  if (header === undefined || connection === undefined) return;
  const socket = new zmq.XPublisher({ linger: PATIENCE_MS, verbosity: 'allSubs' });
  await socket.bind(address(connection, 'iopub'));
  await untilClientsAreBack(socket);
  const framing = new Framing(connection);
  const publish = (type: string, content: JsonObject): Promise<void> =>
    socket.send(framing.encode({ type, identities: [], parent: header, content }));
  await publish('error', {
    ename: 'KernelDied',
    evalue: reason,
    traceback: [`\u001b[31mKernelDied: ${reason}\u001b[39m`, ...words],
  });
  await publish('status', { execution_state: 'idle' });
  await sleep(100);
  socket.close();
}

/** A subscription shows that a client is connected. A client that subscribes later misses earlier messages. */
async function untilClientsAreBack(socket: zmq.XPublisher): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  let wait = PATIENCE_MS;
  while (wait > 0) {
    const subscription = socket.receive().catch(() => undefined);
    if ((await Promise.race([subscription, sleep(wait)])) === undefined) return;
    wait = Math.min(QUIET_MS, end - performance.now());
  }
}

function explain(report: unknown): string {
  const event = (report as { header?: { event?: string } } | undefined)?.header?.event ?? '';
  const lost = 'Every variable is gone; restart the kernel';
  if (/out of memory|heap limit/i.test(event)) {
    return `The kernel ran out of memory for JavaScript objects. ${lost} with more of it by NODE_OPTIONS=--max-old-space-size=8192 (MB)`;
  }
  if (event !== '') return `The kernel ended: ${event}. ${lost}`;
  return `The kernel was killed, or crashed in native code (in Paddle, or another addon). ${lost}`;
}

/** The end of the native log, if it was routed to cells; otherwise it is in the log of the Jupyter server. */
function lastWords(file: string): string[] {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-MOST_WORDS);
    return ['The native log ended with:', ...lines];
  } catch {
    return [];
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const [, , connectionFile, folder] = process.argv;
if (connectionFile !== undefined && folder !== undefined) {
  main(connectionFile, folder).catch(() => {
    process.exitCode = 1;
  });
}
