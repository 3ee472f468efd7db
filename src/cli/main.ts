#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { messageOf, PaddleLabError } from '../errors';
import { fileError } from '../files/file-error';
import { packageVersion } from '../package-root';
import { registerBench } from './commands/bench';
import { registerCompare } from './commands/compare';
import { registerCompletion } from './commands/completion';
import { registerConvert } from './commands/convert';
import { registerDoctor } from './commands/doctor';
import { registerEvaluate } from './commands/evaluate';
import { registerFonts } from './commands/fonts';
import { registerInfer } from './commands/infer';
import { registerInspect } from './commands/inspect';
import { registerKernel } from './commands/kernel';
import { registerMerge } from './commands/merge';
import { registerModels } from './commands/models';
import { registerOcr } from './commands/ocr';
import { registerRebuild } from './commands/rebuild';
import { registerRepl } from './commands/repl';
import { registerRuntime } from './commands/runtime';
import { registerServe } from './commands/serve';
import { registerTune } from './commands/tune';
import { registerWorker } from './commands/worker';
import { translate } from './infer/translate';
import { loadModules } from './load-modules';
import { say, tell } from './print';

/** One file per command. A new command is a line here. */
const COMMANDS: readonly ((program: Command) => void)[] = [
  registerInfer,
  registerOcr,
  registerWorker,
  registerMerge,
  registerServe,
  registerEvaluate,
  registerCompare,
  registerBench,
  registerInspect,
  registerTune,
  registerConvert,
  registerRepl,
  registerRuntime,
  registerModels,
  registerFonts,
  registerKernel,
  registerDoctor,
  registerRebuild,
  registerCompletion,
];

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;
/** The exit code of a program ended by Ctrl-C: 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

export function createProgram(): Command {
  const program = new Command('paddlelab')
    .description('Paddle models in TypeScript: predictions, comparing engines, runtimes, the notebook kernel')
    .version(packageVersion(), '--version', 'print the version of paddlelab')
    // Read before the command is parsed, because the loaded files may add tasks and backends.
    .option('--require <file>', 'before the command: load a module that registers tasks, operators or backends')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => say(text.replace(/\n$/, '')),
      writeErr: (text) => tell(text.replace(/\n$/, '')),
    })
    .configureHelp({ helpWidth: 80, subcommandTerm: (command) => command.name() });
  for (const register of COMMANDS) register(program);
  program.addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 usage error, 3 partly failed, 130 interrupted.');
  addVerbose(program);
  return program;
}

/** Options belong to the command they follow, so this one is added to each command. */
function addVerbose(command: Command): void {
  command.enablePositionalOptions();
  command.addOption(new Option('-v, --verbose', 'also print the causes of an error'));
  for (const child of command.commands) addVerbose(child);
}

/** Runs one command line and returns its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(inOurSpelling(loadModules(argv)), { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (asksForJson(argv)) printJsonError(error);
    if (error instanceof CommanderError) return EXIT_USAGE;
    if (error instanceof PaddleLabError && error.code === 'ABORTED') {
      // Each command prints its own message on interrupt.
      tell(`Interrupted. ${error.message}`);
      return EXIT_INTERRUPTED;
    }
    printError(error, argv.includes('--verbose'));
    return isWrongUse(error) ? EXIT_USAGE : EXIT_FAILURE;
  }
}

/** Translates command lines of Paddle's scripts, with notes on flags without effect. */
function inOurSpelling(argv: readonly string[]): readonly string[] {
  const [command, ...rest] = argv;
  if (command !== 'infer') return argv;
  const { argv: ours, notes } = translate(rest);
  for (const note of notes) tell(`note: ${note}`);
  return [command, ...ours];
}

/** Errors in the command line itself, whatever is on the disk. */
function isWrongUse(error: unknown): boolean {
  return error instanceof PaddleLabError && (error.code === 'INVALID_ARGUMENT' || error.code === 'UNKNOWN_OPTION');
}

/** Also works if the command line could not be parsed to its end. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  return options.some((word) => /^--json(=(true|t|1))?$/i.test(word));
}

/** With --json, standard output is always JSON, also for an error; people read standard error. */
function printJsonError(error: unknown): void {
  const code =
    error instanceof PaddleLabError ? error.code : error instanceof CommanderError ? 'INVALID_ARGUMENT' : undefined;
  const message = messageOf(error).replace(/^error: /, '');
  say(`${JSON.stringify({ error: { code, message } })}`);
}

function printError(error: unknown, verbose: boolean): void {
  const code = error instanceof PaddleLabError ? ` [${error.code}]` : '';
  tell(`error${code}: ${messageOf(error)}`);
  if (!verbose) return;
  if (!(error instanceof PaddleLabError) && error instanceof Error) tell(error.stack ?? '');
  for (let cause = causeOf(error); cause !== undefined; cause = causeOf(cause)) {
    tell(`cause: ${messageOf(cause)}`);
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

if (require.main === module) {
  // The reader of our output, such as `head`, has closed the pipe.
  let closed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      tell(`error [FILE_UNWRITABLE]: ${fileError(error, 'write', 'standard output').message}`);
      process.exit(1);
    }
    // Running work ends cleanly; every later write fails as well.
    if (!closed && !process.emit('SIGINT')) process.exit(0);
    closed = true;
  });
  run(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
