import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { datasetFormats } from '../../datasets/formats';
import { inspectCustom } from '../../display/display';
import { PaddleLabError } from '../../errors';
import { type EvaluateOptions, evaluate } from '../../evaluate/evaluate';
import type { Metric } from '../../evaluate/evaluation-plan';
import type { EvaluationReport } from '../../evaluate/report';
import { refuseReplacing } from '../../files/replacing';
import { loadModel } from '../../model/load-model';
import type { Model } from '../../model/model';
import { loadTextReader, type TextReader } from '../../ocr/text-reader';
import type { TextPreset } from '../../spec/text-presets';
import { readLoad } from '../infer/engine-flags';
import { addFlags, flagValues } from '../infer/parse-flags';
import { afterInterrupt, commandLineOf, type RunProgress } from '../infer/resume';
import { interruptible } from '../interruptible';
import { say, tell } from '../print';
import { readWhole } from '../read-number';

interface Flags {
  readonly images?: string;
  readonly dataFormat?: (typeof datasetFormats)[number];
  readonly split?: string;
  readonly names?: string;
  readonly byOrder?: boolean;
  readonly map?: Readonly<Record<string, string | null>>;
  readonly metric?: Metric;
  readonly batchSize?: number;
  readonly parallel?: number;
  readonly limit?: number;
  readonly worst?: number;
  readonly outputDir: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly detection?: string;
  readonly recognition?: string;
  readonly orientation?: string;
  readonly preset?: TextPreset;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

const engineFlags = ['device', 'engine', 'backend', 'precision', 'cpu-threads', 'runtime', 'format', 'task'];

/** Adds `paddlelab evaluate`: the figures of a model on a data set. */
export function registerEvaluate(program: Command): void {
  const command = program
    .command('evaluate <model> <data>')
    .description('how good a model is on a data set: AP, mIoU, top-1; with charts and the worst images')
    .addOption(new Option('--data-format <name>', 'format of the data; recognised by default').choices(datasetFormats))
    .option('--images <folder>', 'where the images are, if not beside the data')
    .option('--split <name>', 'part of the data set: val (default), test, train')
    .option('--names <file>', 'class names of the data set, one per line')
    .option('--map <name=label>', 'a class of the data by another label; name= leaves it out', readPair)
    .addOption(new Option('--by-order', 'match classes by their order instead of their names').conflicts('map'))
    .addOption(new Option('--metric <name>', 'average precision of').choices(['coco', 'voc', 'voc2007']))
    .option('--limit <n>', 'only the first images', readWhole)
    .option('--batch-size <n>', 'images per run', readWhole)
    .option('--parallel <n>', 'runs side by side', readWhole)
    .option('--detection <model>', 'for ocr: finds lines, as in `paddlelab ocr`')
    .option('--recognition <model>', 'for ocr: reads lines')
    .option('--orientation <model>', 'for ocr: finds lines that are upside down')
    .addOption(new Option('--preset <name>', 'for ocr: parameters to use').choices(['rapidocr', 'paddlex']))
    .option('--worst <n>', 'how many of the worst images to draw', readWhole)
    .option('--output-dir <folder>', 'where the report goes', 'output')
    .option('--resume', 'continue an interrupted evaluation in --output-dir')
    .option('--overwrite', 'replace the evaluation in --output-dir')
    .addOption(new Option('--json', 'print the report as JSON').conflicts('markdown'))
    .option('--markdown', 'print the report as Markdown');
  addFlags(command, engineFlags).action(async (model: string, data: string, flags: Flags) => {
    process.exitCode = await run(model, data, flags, commandLineOf(program));
  });
  command.addHelpText('after', () => help);
}

const help = `
Writes evaluation.json, evaluation.md, worst.png and the charts into
--output-dir, and the results of finished images, so that --resume can
continue.

The model ocr is the one of \`paddlelab ocr\`: from pixels to text, on pages with
labels of PaddleOCR.

Examples:
  paddlelab evaluate models/ppyoloe coco/annotations/instances_val2017.json
  paddlelab evaluate models/ppliteseg cityscapes/ --parallel 4
  paddlelab evaluate models/pplcnet imagenet/val_list.txt --precision bf16
  paddlelab evaluate models/ppyoloe VOC2007/ --metric voc2007 --map tvmonitor=tv
  paddlelab evaluate ocr invoices/Label.txt --recognition PP-OCRv4_mobile_rec

Exit codes: 0 done, 1 nothing could be evaluated, 2 usage error, 3 images or
objects were left out, 130 interrupted.`;

function readPair(word: string, before: Readonly<Record<string, string | null>> = {}): Record<string, string | null> {
  const [name = '', label] = word.split(/=(.*)/s);
  if (name === '' || label === undefined) throw new InvalidArgumentError('Expected name=label.');
  return { ...before, [name]: label === '' ? null : label };
}

const reportFiles = ['evaluation.json', 'evaluation.md', 'precision-recall.png', 'confusion.png', 'worst.png'];
const choices = {
  existing: '--overwrite to replace it, --resume to continue an interrupted evaluation, or another --output-dir',
  own: 'another --output-dir',
};

async function run(folder: string, data: string, flags: Flags, argv: readonly string[]): Promise<number> {
  const { outputDir, resume = false, overwrite = false } = flags;
  const files = reportFiles.map((name) => path.resolve(outputDir, name));
  await refuseReplacing(files, [], resume || overwrite, choices);
  let reached: RunProgress | undefined;
  const work = async (signal: AbortSignal): Promise<number> => {
    const model = await load(folder, flags, signal);
    try {
      const report = await evaluate(model, data, {
        ...optionsOf(flags),
        signal,
        onProgress: ({ done, images }) => {
          reached = { done, images };
        },
      });
      if (signal.aborted) throw new PaddleLabError('ABORTED', 'Interrupted');
      await write(report, outputDir);
      print(report, flags);
      return report.problems.some(({ kind }) => kind !== 'kept') ? 3 : 0;
    } finally {
      await model.dispose();
    }
  };
  return interruptible(work, () => afterInterrupt(argv, true, reached));
}

/** `ocr` stands for the networks that read text, as in `paddlelab ocr`; a folder of that name is `./ocr`. */
async function load(model: string, flags: Flags, signal: AbortSignal): Promise<Model | TextReader> {
  const { detection, recognition, orientation, preset } = flags;
  const networks = { detection, recognition, orientation, preset };
  const options = readLoad(flagValues({ ...flags }));
  if (model !== 'ocr') {
    const [given] = Object.entries(networks).find(([, value]) => value !== undefined) ?? [];
    if (given === undefined) return (await loadModel(model, { ...options, signal })) as unknown as Model;
    throw new PaddleLabError('INVALID_ARGUMENT', `Expected the model ocr for --${given} but received "${model}"`);
  }
  const { device, engine, precision, threads } = options;
  return loadTextReader({ ...networks, ...{ device, engine, precision, threads }, signal });
}

function optionsOf(flags: Flags): EvaluateOptions {
  const { dataFormat, images, split, names, limit, metric, batchSize, parallel, worst } = flags;
  const { outputDir, resume, overwrite, byOrder, map } = flags;
  const defined = <T extends object>(values: T): T =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
  return defined({
    dataset: defined({ format: dataFormat, images, split, classes: names, limit }),
    classes: byOrder ? 'order' : map,
    ...{ metric, batchSize, parallel, worst, outputDir, resume, overwrite },
  }) as EvaluateOptions;
}

async function write(report: EvaluationReport, folder: string): Promise<void> {
  await report.save(path.join(folder, 'evaluation.json'));
  await report.save(path.join(folder, 'evaluation.md'));
  if (report.curves !== undefined) await report.precisionRecall().save(path.join(folder, 'precision-recall.png'));
  if (report.confusions !== undefined) await report.confusionMatrix().save(path.join(folder, 'confusion.png'));
  if (report.worst.length > 0) await (await report.worstImages()).save(path.join(folder, 'worst.png'));
  tell(`Wrote the report into ${path.resolve(folder)}`);
}

function print(report: EvaluationReport, { json, markdown }: Flags): void {
  if (json) say(JSON.stringify(report, undefined, 2));
  else say(markdown ? report.toMarkdown() : report[inspectCustom]());
}
