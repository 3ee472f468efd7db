import path from 'node:path';
import { type Command, Option } from 'commander';
import { compareBackends } from '../../compare/compare-backends';
import type { BackendReport } from '../../compare/report';
import { messageOf, PaddleLabError } from '../../errors';
import { readdir, statIfThere } from '../../files/fs';
import { folderOfName } from '../../hub/resolve-model';
import { resolvePath } from '../../image/image';
import { loadModel } from '../../model/load-model';
import { markdownRow } from '../../text/table';
import { checkInteger, throwIfAborted } from '../../validate';
import { suggestModels } from '../completion/suggestions';
import { interruptible, nothingDone } from '../interruptible';
import { say, tell } from '../print';
import { readWhole } from '../read-number';

interface BenchFlags {
  readonly image?: string;
  readonly python?: string;
  readonly threads?: number;
  readonly warmup?: number;
  readonly runs?: number;
  readonly log?: boolean;
}

/** Adds `paddlelab bench`: the table of Paddle's documents, for a folder of models. */
export function registerBench(program: Command): void {
  suggestModels(program.command('bench <folders...>'), 'all')
    .description('measure models as Paddle’s documents do: batch 1, 100 warm-up runs, 100 timed runs, model only')
    .option('--image <file>', 'image to run them on; a generated one by default')
    .option('--python <program>', 'Python with paddlepaddle, to measure alongside')
    .option('--threads <n>', 'CPU threads', readWhole)
    .option('--warmup <n>', 'warm-up runs', readWhole)
    .option('--runs <n>', 'timed runs', readWhole)
    .addOption(new Option('--log', 'Paddle’s benchmark logs instead of the table'))
    .action(async (folders: string[], flags: BenchFlags) => {
      const rows: string[] = [];
      const keptWork = () =>
        rows.length === 0
          ? nothingDone
          : 'The rows above were measured but not saved; run the same command to start over.';
      process.exitCode = await interruptible((signal) => bench(folders, flags, signal, rows), keptWork);
    });
}

/** @param rows collects the printed row of each model */
async function bench(
  folders: readonly string[],
  flags: BenchFlags,
  signal: AbortSignal,
  rows: string[],
): Promise<number> {
  if (flags.threads !== undefined) checkInteger('threads', flags.threads, 1);
  if (flags.warmup !== undefined) checkInteger('warmup', flags.warmup, 0);
  if (flags.runs !== undefined) checkInteger('runs', flags.runs, 1);
  const models: string[] = [];
  // One after the other, so that the error is always that of the first one.
  for (const folder of folders) models.push(...(await findModels(folder, signal)));
  models.sort();
  if (models.length === 0) {
    throw new PaddleLabError('MODEL_NOT_FOUND', `Found no models in or below ${folders.join(', ')}`);
  }
  if (!flags.log) say(heading(flags));
  let failed = 0;
  for (const model of models) {
    throwIfAborted(signal);
    try {
      const report = await measure(model, flags, signal);
      throwIfAborted(signal);
      if (report.measured.length === 0) failed++;
      const row = flags.log ? report.toBenchmarkLog() : tableRow(model, report, flags);
      say(row);
      rows.push(row);
    } catch (error) {
      throwIfAborted(signal);
      failed++;
      tell(`failed: ${model}: ${messageOf(error)}`);
    }
  }
  return failed === 0 ? 0 : failed === models.length ? 1 : 3;
}

/** The folders that contain a program; an official model by its name, which is pulled first. */
async function findModels(input: string, signal: AbortSignal): Promise<string[]> {
  const own = resolvePath(input);
  const named = (await statIfThere(own)) === undefined ? await folderOfName(input, signal) : undefined;
  if (named !== undefined) return [named];
  const entries = await readdir(own, { withFileTypes: true, recursive: true });
  const programs = entries.filter((entry) => entry.isFile() && /(\.pdmodel|^__model__)$/.test(entry.name));
  return [...new Set(programs.map((entry) => entry.parentPath))];
}

async function measure(model: string, flags: BenchFlags, signal: AbortSignal): Promise<BackendReport> {
  const { threads, python, warmup, runs, image } = flags;
  const loaded = await loadModel(model, { task: 'tensors', signal, ...(threads === undefined ? {} : { threads }) });
  const { engine } = loaded.runtime;
  await loaded.dispose();
  const external = { name: 'python', kind: 'paddle-python', engine, python: python ?? '' } as const;
  return compareBackends(model, image, {
    backends: [{ engine, name: 'predictor' }, ...(python === undefined ? [] : [external])],
    preset: 'paddle',
    signal,
    ...(threads === undefined ? {} : { threads }),
    ...(warmup === undefined ? {} : { warmup: Math.max(1, warmup) }),
    ...(runs === undefined ? {} : { runs, rounds: Math.min(10, runs) }),
  });
}

function heading({ python }: BenchFlags): string {
  const titles = [
    'model',
    'input',
    'engine',
    'predictor (ms/image)',
    ...(python === undefined ? [] : ['Python (ms/image)']),
  ];
  return `${markdownRow(titles)}\n|${titles.map(() => ' --- |').join('')}`;
}

function tableRow(model: string, report: BackendReport, { python }: BenchFlags): string {
  const meanOf = (name: string): string => {
    const row = report.rows.find(({ backend }) => backend === name);
    return row?.kind === 'measured' ? row.meanMs.toFixed(2) : `– (${row?.reason ?? 'not measured'})`;
  };
  const own = report.measured.find(({ backend }) => backend === 'predictor');
  const input = report.facts.inputShape.slice(-2).toReversed().join('*');
  const engine = own !== undefined && 'engine' in own.settings ? String(own.settings.engine) : '';
  const cells = [path.basename(model), input, engine, meanOf('predictor')];
  return markdownRow([...cells, ...(python === undefined ? [] : [meanOf('python')])]);
}
