import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf, PaddleLabError } from '../errors';
import { readFileSync } from '../files/fs';
import { setCommHost } from '../notebook/comm-host';
import { setExplain } from '../notebook/help';
import { CellRunner } from './cell-runner';
import { Comms } from './comms';
import { chosenCompiler, compilerVersion } from './compiler/names';
import { CrashReporter } from './crash-reporter';
import { Events } from './events';
import { History } from './history';
import { watchImmediates } from './immediate-recovery';
import { inspectAsInNode } from './inspect-values';
import { KernelIo } from './io';
import type { Connection, Header } from './jupyter-protocol';
import { kernelInfo } from './kernel-info';
import { LanguageRequests } from './language-requests';
import { NativeLog } from './native-log';
import { CellOutput } from './output';
import { exitProcess, logProblem, protectProcess } from './process-guards';
import { ShellServer } from './server';
import { TypeScriptSession } from './session';
import { callSigintListeners } from './sigint';
import { SharedState } from './thread-messages';
import { limitTicks } from './tick-limit';

// The kernel's process: node --no-force-async-hooks-checks main.js CONNECTION_FILE

async function start(connectionFile: string): Promise<void> {
  const connection = readConnection(connectionFile);
  const compiler = chosenCompiler();
  const info = kernelInfo(compilerVersion(compiler));
  const state = new SharedState();
  // First, so that clients can connect while the compiler loads.
  const io = new KernelIo(connection, info, state);
  io.onFailure((error) => {
    logProblem(error);
    exitProcess(1);
  });

  // Until cells can run, an interrupt must not stop the loading.
  state.compiling = true;
  const session = new TypeScriptSession(process.cwd(), state, compiler);
  const output = new CellOutput(io);
  const crashReporter = new CrashReporter(connectionFile);
  const history = new History();
  const runner = new CellRunner(session, output, history, new NativeLog(io, crashReporter.folder));
  protectProcess(session, state);
  inspectAsInNode(session);
  limitTicks(state);
  output.captureStreams();
  watchImmediates();
  output.connectDisplays(session);
  const onCell = (header: Header | undefined): void => crashReporter.watch(header);
  const events = new Events(output, session, state, onCell);
  const comms = connectComms(io, output, events);
  setExplain((name, show) => session.explain(name, show));

  const shutDown = async (): Promise<void> => {
    await nextTurn();
    session.close();
    crashReporter.dismiss();
    await io.close();
    exitProcess(0);
  };
  const server = new ShellServer({
    io,
    runner,
    comms,
    language: new LanguageRequests(session),
    history,
    kernelInfo: info,
    onCell,
    onShutdown: () => void shutDown(),
    onProblem: logProblem,
  });
  state.compiling = false;
  io.listen((message) => {
    if (message.kind === 'shell') server.push(message.request, message.interrupts);
    else if (message.kind === 'interrupt') {
      // An interrupt that has already ended a cell does not apply to the next one.
      if (!session.interrupts.isSpent(message.number)) runner.interrupt();
      events.interrupt();
      callSigintListeners();
    } else if (message.kind === 'recover') void server.recover();
    else if (message.kind === 'shutdown') void shutDown();
  });
}

function readConnection(file: string): Connection {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `Expected a connection file of Jupyter but ${file} is not JSON: ${messageOf(error)}`;
    throw new PaddleLabError('INVALID_ARGUMENT', message, { cause: error });
  }
}

/** Connects the comms of cells and front ends. */
function connectComms(io: KernelIo, output: CellOutput, events: Events): Comms {
  const comms = new Comms((type, content, attached, parent) => {
    // A cell that shows many pictures waits for its readers; an answer to a page can't wait.
    if (parent === undefined) io.waitForReaders();
    io.publish(type, content, parent ?? output.cell?.request.header ?? {}, attached);
  }, logProblem);
  setCommHost({
    open: (...args) => comms.open(...args),
    register: (...args) => comms.register(...args),
    bind: (handler) => events.bind(handler),
  });
  // Loaded when the first page asks for widgets.
  comms.register('jupyter.widget.control', (channel) => {
    const { acceptControl } = require('../notebook/widgets/control') as typeof import('../notebook/widgets/control');
    return acceptControl(channel);
  });
  return comms;
}

const [, , connectionFile] = process.argv;
if (connectionFile === undefined) {
  logProblem('Expected the path of a connection file as the only argument');
  exitProcess(2);
} else {
  start(connectionFile).catch((error: unknown) => {
    logProblem(error instanceof PaddleLabError ? `error [${error.code}]: ${error.message}` : error);
    exitProcess(1);
  });
}
