import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setExplain } from '../notebook/help';
import { CellRunner } from './cell-runner';
import { endEndlessTicks } from './endless-ticks';
import { History } from './history';
import { watchImmediates } from './immediates';
import { KernelIo } from './io';
import { kernelInfo } from './kernel-info';
import { LanguageRequests } from './language-requests';
import { exitProcess, logProblem, protectProcess } from './life';
import { NativeLog } from './native-log';
import { CellOutput } from './output';
import type { Connection } from './protocol';
import { ShellServer } from './server';
import { SharedState } from './thread-messages';
import { typeScriptVersion } from './tslab/internals';
import { TypeScriptSession } from './tslab/session';
import { Undertaker } from './undertaker';

// The kernel's process: node --no-force-async-hooks-checks main.js CONNECTION_FILE

async function start(connectionFile: string): Promise<void> {
  const connection: Connection = JSON.parse(readFileSync(connectionFile, 'utf8'));
  const info = kernelInfo(typeScriptVersion());
  const state = new SharedState();
  // First of all, so that clients can connect while the compiler loads.
  const io = new KernelIo(connection, info, state);
  io.onFailure((error) => {
    logProblem(error);
    exitProcess(1);
  });

  const session = new TypeScriptSession(process.cwd(), state);
  const output = new CellOutput(io);
  const undertaker = new Undertaker(connectionFile);
  const history = new History();
  const runner = new CellRunner(session, output, history, new NativeLog(io, undertaker.folder));
  protectProcess(session, state);
  endEndlessTicks(state);
  output.captureStreams();
  watchImmediates();
  output.connectDisplays(session.tslab);
  setExplain((name) => session.inspect(name, name.length));

  const shutDown = async (): Promise<void> => {
    await nextTurn();
    session.close();
    undertaker.dismiss();
    await io.close();
    exitProcess(0);
  };
  const server = new ShellServer({
    io,
    runner,
    language: new LanguageRequests(session),
    history,
    kernelInfo: info,
    onCell: (header) => undertaker.watch(header),
    onShutdown: () => void shutDown(),
    onProblem: logProblem,
  });
  io.listen((message) => {
    if (message.kind === 'shell') server.push(message.request);
    else if (message.kind === 'interrupt') runner.interrupt();
    else if (message.kind === 'recover') void server.recover();
    else if (message.kind === 'shutdown') void shutDown();
  });
}

const [, , connectionFile] = process.argv;
if (connectionFile === undefined) {
  logProblem('Expected the path of a connection file as the only argument');
  exitProcess(2);
} else {
  start(connectionFile).catch((error) => {
    logProblem(error);
    exitProcess(1);
  });
}
