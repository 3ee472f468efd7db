import path from 'node:path';
import { type Command, Option } from 'commander';
import { backendNames } from '../../backends/named-backends';
import { type BackendName, compareBackends } from '../../compare/compare-backends';
import { type CompareMode, type CompareOptions, type CompareStep, describeStep } from '../../compare/options';
import type { BackendReport } from '../../compare/report';
import { inspectCustom } from '../../display/display';
import { showControlsInLines } from '../../text/controls';
import { checkOneOf } from '../../validate';
import { suggest } from '../completion/suggestions';
import { tell } from '../print';
import { readNumber } from '../read-number';

interface Flags {
  readonly backends?: readonly string[];
  readonly threads?: readonly number[];
  readonly runtime?: readonly string[];
  readonly runs?: number;
  readonly warmup?: number;
  readonly rounds?: number;
  readonly batchSizes?: readonly number[];
  readonly maxSeconds?: number;
  readonly timeout?: number;
  readonly preset?: 'quick' | 'paddle';
  readonly mode?: CompareMode;
  readonly format?: 'pdmodel' | 'json';
  readonly config?: string;
  readonly threshold?: number;
  readonly python?: string;
  readonly seed?: number;
  readonly markdown?: boolean;
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly log?: boolean;
  readonly chart?: string;
}

export function registerCompare(program: Command): void {
  program
    .command('compare')
    .description('measure a model on every engine of this machine')
    .argument('<model>', 'folder of the model')
    .argument('[images...]', 'images to run it on; a made-up one by default')
    .addOption(
      suggest(
        new Option('--backends <names>', 'which, with commas between them; all by default').argParser(list),
        backendNames,
        true,
      ),
    )
    .option('--threads <counts>', 'CPU threads, several with commas between them', numbers)
    .option('--runtime <versions>', 'folders or versions of Paddle, with commas between them', list)
    .option('--runs <n>', 'runs that are counted', readNumber)
    .option('--warmup <n>', 'runs before them that are not', readNumber)
    .option('--rounds <n>', 'rounds that the runs are spread over', readNumber)
    .option('--batch-sizes <sizes>', 'images a run whose throughput is measured as well', numbers)
    .option('--max-seconds <s>', 'for the runs of a backend', readNumber)
    .option('--timeout <s>', 'after which a backend is ended', readNumber)
    .addOption(new Option('--preset <name>', 'quick, or the protocol of Paddle’s scripts').choices(['quick', 'paddle']))
    .addOption(new Option('--mode <name>', 'the network alone, or all stages').choices(['model', 'endToEnd']))
    .addOption(new Option('--format <name>', 'which program').choices(['pdmodel', 'json']))
    .option('--config <file>', 'YAML instead of the folder’s own')
    .option('--threshold <score>', 'what has a higher score is compared', readNumber)
    .option('--python <program>', 'for external runtimes that run in Python')
    .option('--seed <n>', 'for the order in the rounds', readNumber)
    .addOption(new Option('--markdown', 'as a Markdown table').conflicts(['csv', 'json', 'log']))
    .addOption(new Option('--csv', 'all numbers as CSV').conflicts(['json', 'log']))
    .addOption(new Option('--json', 'all numbers as JSON, for compareReports').conflicts('log'))
    .option('--log', 'the best one as the benchmark log of Paddle’s deploy scripts')
    .option('--chart <file>', 'write a chart of latency and agreement: .png, .svg or .html')
    .action(compare);
}

const chartEndings = ['.png', '.svg', '.html'];

async function compare(model: string, images: readonly string[], flags: Flags): Promise<void> {
  const { markdown, csv, json, log, chart, backends, timeout: timeoutSeconds, ...rest } = flags;
  // Before minutes of work, not after.
  if (chart !== undefined) checkOneOf('ending of --chart', path.extname(chart), chartEndings);
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const { verbose: _verbose, ...settings } = rest as typeof rest & { verbose?: boolean };
    const options: CompareOptions = {
      ...settings,
      ...(backends === undefined ? {} : { backends: backends as readonly BackendName[] }),
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      signal: interrupted.signal,
      // A terminal shows each step by itself; a log gets a line for each backend and each round.
      ...(process.stderr.isTTY ? {} : { onProgress: lineView() }),
    };
    const report = await compareBackends(model, images.length === 0 ? undefined : images, options);
    if (chart !== undefined && report.measured.length > 0) await report.agreementChart().save(chart);
    await print(format(report, { markdown, csv, json, log }));
    if (interrupted.signal.aborted) {
      const table = report.measured.length === 0 ? 'Nothing was measured' : 'What is above is measured, but not kept';
      process.stderr.write(`Interrupted. ${table}; the same command begins anew.\n`);
    }
    process.exitCode = interrupted.signal.aborted ? 130 : report.measured.length === 0 ? 1 : 0;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

function lineView(): (step: CompareStep) => void {
  let last = '';
  return (step) => {
    const line = step.phase === 'load' ? describeStep(step) : `${step.phase} ${step.number} of ${step.count}`;
    if (line !== last) tell(line);
    last = line;
  };
}

function format(report: BackendReport, flags: Pick<Flags, 'markdown' | 'csv' | 'json' | 'log'>): string {
  if (flags.markdown) return report.toMarkdown();
  // Data as it is for a file, but not for a terminal.
  if (flags.csv) return process.stdout.isTTY ? showControlsInLines(report.toCsv()) : report.toCsv();
  if (flags.json) return showControlsInLines(JSON.stringify(report, undefined, 2));
  if (flags.log) return report.toBenchmarkLog();
  return report[inspectCustom]();
}

/** Whole, also into a pipe that is slow. */
function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`, () => resolve());
  });
}

function list(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function numbers(text: string): number[] {
  return list(text).map(readNumber);
}
