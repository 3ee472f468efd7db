import path from 'node:path';
import { type Command, Option } from 'commander';
import { backendNames } from '../../backends/named-backends';
import { type BackendName, compareBackends } from '../../compare/compare-backends';
import { type CompareMode, type CompareOptions, type CompareStep, describeStep } from '../../compare/options';
import type { BackendReport } from '../../compare/report';
import { openDataset } from '../../datasets/open-dataset';
import { inspectCustom } from '../../display/display';
import type { Metric } from '../../evaluate/evaluation-plan';
import type { Task } from '../../results';
import { tasks } from '../../tasks/tasks';
import { showControlsInLines } from '../../text/controls';
import { checkOneOf } from '../../validate';
import { suggest, suggestModels } from '../completion/suggestions';
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
  readonly task?: Exclude<Task, 'custom'>;
  readonly threshold?: number;
  readonly dataset?: string;
  readonly limit?: number;
  readonly metric?: Metric;
  readonly python?: string;
  readonly seed?: number;
  readonly markdown?: boolean;
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly log?: boolean;
  readonly chart?: string;
}

export function registerCompare(program: Command): void {
  suggestModels(program.command('compare'), 'first')
    .description('measure a model on every engine of this machine')
    .argument('<model>', 'folder of the model, or name of an official one')
    .argument('[images...]', 'images to run it on; a generated one by default')
    .addOption(
      suggest(
        new Option('--backends <names>', 'backends, separated by commas; all by default').argParser(list),
        backendNames,
        true,
      ),
    )
    .option('--threads <counts>', 'CPU threads, several separated by commas', numbers)
    .option('--runtime <versions>', 'folders or versions of Paddle, separated by commas', list)
    .option('--runs <n>', 'timed runs', readNumber)
    .option('--warmup <n>', 'warm-up runs', readNumber)
    .option('--rounds <n>', 'rounds over which the runs are spread', readNumber)
    .option('--batch-sizes <sizes>', 'batch sizes whose throughput is measured as well', numbers)
    .option('--max-seconds <s>', 'time limit for the runs of a backend', readNumber)
    .option('--timeout <s>', 'timeout after which a backend is killed', readNumber)
    .addOption(new Option('--preset <name>', 'quick, or as Paddle’s scripts measure').choices(['quick', 'paddle']))
    .addOption(new Option('--mode <name>', 'the network alone, or all stages').choices(['model', 'endToEnd']))
    .addOption(new Option('--format <name>', 'which program').choices(['pdmodel', 'json']))
    .option('--config <file>', 'YAML that replaces the folder’s own')
    .addOption(new Option('--task <name>', 'what the model does, if its folder doesn’t say').choices(tasks))
    .option('--threshold <score>', 'minimum score of the objects compared', readNumber)
    .option('--dataset <path>', 'also evaluate each backend on a data set, as paddlelab evaluate does')
    .option('--limit <n>', 'only the first images of the data set', readNumber)
    .addOption(new Option('--metric <name>', 'average precision of the data set').choices(['coco', 'voc', 'voc2007']))
    .option('--python <program>', 'for external runtimes that run in Python')
    .option('--seed <n>', 'seed for the order within the rounds', readNumber)
    .addOption(new Option('--markdown', 'print a Markdown table').conflicts(['csv', 'json', 'log']))
    .addOption(new Option('--csv', 'print all numbers as CSV').conflicts(['json', 'log']))
    .addOption(new Option('--json', 'print all numbers as JSON, for compareReports').conflicts('log'))
    .option('--log', 'print the best backend as the benchmark log of Paddle’s deploy scripts')
    .option('--chart <file>', 'write a chart of latency and agreement: .png, .svg or .html')
    .action(compare);
}

const chartEndings = ['.png', '.svg', '.html'];

async function compare(model: string, images: readonly string[], flags: Flags): Promise<void> {
  const { markdown, csv, json, log, chart, backends, timeout: timeoutSeconds, dataset, limit, ...rest } = flags;
  // Checked before minutes of work, not after.
  if (chart !== undefined) checkOneOf('ending of --chart', path.extname(chart), chartEndings);
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const { verbose: _verbose, ...settings } = rest as typeof rest & { verbose?: boolean };
    const options: CompareOptions = {
      ...settings,
      ...(dataset === undefined ? {} : { dataset: await openDataset(dataset, limit === undefined ? {} : { limit }) }),
      ...(backends === undefined ? {} : { backends: backends as readonly BackendName[] }),
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      signal: interrupted.signal,
      // On a terminal the comparison shows its own progress; a log gets one line per backend and round.
      ...(process.stderr.isTTY ? {} : { onProgress: lineView() }),
    };
    const report = await compareBackends(model, images.length === 0 ? undefined : images, options);
    if (chart !== undefined && report.measured.length > 0) await report.agreementChart().save(chart);
    await print(format(report, { markdown, csv, json, log }));
    if (interrupted.signal.aborted) {
      const table =
        report.measured.length === 0 ? 'Nothing was measured' : 'The rows above were measured but not saved';
      process.stderr.write(`Interrupted. ${table}; run the same command to start over.\n`);
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
  // Raw data for a file; escaped for a terminal.
  if (flags.csv) return process.stdout.isTTY ? showControlsInLines(report.toCsv()) : report.toCsv();
  if (flags.json) return showControlsInLines(JSON.stringify(report, undefined, 2));
  if (flags.log) return report.toBenchmarkLog();
  return report[inspectCustom]();
}

/** Waits until everything is written, also into a slow pipe. */
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
