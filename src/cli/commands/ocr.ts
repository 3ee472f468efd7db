import type { Command } from 'commander';
import { Option } from 'commander';
import { usualDpi } from '../../ocr/pdf-renderer';
import { checkTiles, smallestTile, type Tiles } from '../../ocr/tile-plan';
import type { TextPreset } from '../../spec/text-presets';
import { checkInteger, checkNumber, checkOneOf, invalidArgument } from '../../validate';
import { readLoad } from '../infer/engine-flags';
import type { FlagValues } from '../infer/flag';
import { addFlags, flagValues } from '../infer/parse-flags';
import { parsePipeline } from '../infer/read-pipeline';
import { readQueue } from '../infer/read-queue';
import { readShard } from '../infer/read-shard';
import { refuse } from '../infer/refuse';
import { commandLineOf } from '../infer/resume';
import { ocrOutputs } from '../ocr/plan-ocr';
import type { OcrRequest } from '../ocr/request';
import { runOcr } from '../ocr/run-ocr';
import { readNumber, readWhole } from '../read-number';

interface Flags {
  readonly detection?: string;
  readonly recognition?: string;
  readonly orientation?: string | false;
  readonly pageOrientation?: string;
  readonly unwarping?: string;
  readonly preset: TextPreset;
  readonly threshold: number;
  readonly batchSize: number;
  readonly tiles: string;
  readonly tileOverlap?: number;
  readonly dpi: number;
  readonly save?: string;
  readonly outputDir: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly json?: boolean;
  readonly pipeline?: string;
  readonly shard?: string;
  readonly queue?: string;
  readonly root?: string;
}

const sharedFlags = ['pipeline', 'shard', 'queue', 'root', 'device', 'engine', 'precision', 'cpu-threads'];

/** Adds `paddlelab ocr`: reads the text of images. */
export function registerOcr(program: Command): void {
  const command = program
    .command('ocr <inputs...>')
    .description('read the text of images, PDF files, folders and lists; - for standard input')
    .option('--detection <model>', 'finds lines: a folder or a name (PP-OCRv4_mobile_det)')
    .option('--recognition <model>', 'reads lines: a folder or a name (PP-OCRv4_mobile_rec)')
    .option('--orientation <model>', 'finds lines that are upside down (ch_ppocr_mobile_v2.0_cls; none with paddlex)')
    .option('--no-orientation', 'turn no line')
    .option('--page-orientation <model>', 'finds pages that lie on their side, such as PP-LCNet_x1_0_doc_ori')
    .option('--unwarping <model>', 'flattens photographs of bent pages, such as UVDoc')
    .addOption(
      new Option('--preset <name>', 'parameters to use: rapidocr enlarges small images')
        .choices(['rapidocr', 'paddlex'])
        .default('rapidocr'),
    )
    .option('--threshold <score>', 'minimum score of a line', readNumber, 0.5)
    .option('--batch-size <n>', 'lines per run', readWhole, 6)
    .option('--tiles <size>', 'find lines in tiles of this side in pixels; auto: in very large images; none', 'auto')
    .option('--tile-overlap <pixels>', 'overlap of neighbouring tiles; an eighth of their side by default', readWhole)
    .option('--dpi <n>', 'pixels per inch of the pages of PDF files', readNumber, usualDpi)
    .option('--save <outputs>', `files to write, comma-separated: ${ocrOutputs.join(', ')}`)
    .option('--output-dir <folder>', 'folder of results', 'output')
    .option('--resume', 'continue an interrupted run')
    .addOption(new Option('--overwrite', 'replace existing results').conflicts('resume'))
    .option('--json', 'print one JSON line per image, and nothing else');
  addFlags(command, sharedFlags).action(async (inputs: string[], flags: Flags) => {
    const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
    process.exitCode = await runOcr(readRequest(inputs, flags, given), commandLineOf(program));
  });
  command.addHelpText('after', () => help);
}

/** @param given whether a flag is on the command line */
function readRequest(inputs: readonly string[], flags: Flags, given: (name: string) => boolean): OcrRequest {
  const pipeline = flags.pipeline === undefined ? undefined : parsePipeline(flags.pipeline);
  if (pipeline !== undefined) refuseNetworkFlags(given);
  const { detection, recognition, orientation, pageOrientation, unwarping, preset, outputDir, json = false } = flags;
  const save = flags.save?.split(',').map((name) => checkOneOf('save', name.trim(), ocrOutputs)) ?? [];
  const { device, engine, precision, threads } = readLoad(flagValues(flags as unknown as Record<string, unknown>));
  return {
    shard: flags.shard === undefined ? undefined : readShardOf(inputs, flags.shard),
    queue: readQueueOf(inputs, flags),
    ...{ inputs, pipeline, detection, recognition, orientation, pageOrientation, unwarping, preset, outputDir, json },
    load: { device, engine, precision, threads },
    threshold: checkNumber('threshold', flags.threshold, 0, 1),
    batchSize: checkInteger('batch-size', flags.batchSize, 1),
    tiles: readTiles(flags),
    dpi: checkNumber('dpi', flags.dpi, 1, 2400),
    outputs: [...new Set(save)],
    existing: flags.resume === true ? 'resume' : flags.overwrite === true ? 'overwrite' : 'refuse',
  };
}

/** Flags of networks that run here, by the names of their values. */
const networkFlags = {
  detection: 'detection',
  recognition: 'recognition',
  orientation: 'orientation',
  pageOrientation: 'page-orientation',
  unwarping: 'unwarping',
  preset: 'preset',
  batchSize: 'batch-size',
  tiles: 'tiles',
  tileOverlap: 'tile-overlap',
  device: 'device',
  engine: 'engine',
  precision: 'precision',
  cpuThreads: 'cpu-threads',
  queue: 'queue',
  root: 'root',
} as const;

function refuseNetworkFlags(given: (name: string) => boolean): void {
  const other = Object.entries(networkFlags).find(([name]) => given(name));
  if (other !== undefined) throw refuse(`--${other[1]} is for networks that run here; a pipeline runs on its server`);
}

function readShardOf(inputs: readonly string[], text: string): OcrRequest['shard'] {
  if (inputs.includes('-')) throw refuse('--shard divides many images, but - is one image');
  return readShard(text);
}

function readQueueOf(inputs: readonly string[], { shard, ...flags }: Flags): OcrRequest['queue'] {
  const queue = readQueue(flags as FlagValues);
  if (queue === undefined) return undefined;
  if (inputs.includes('-')) throw refuse('--queue divides many images, but - is one image');
  if (shard !== undefined) throw refuse('--queue and --shard exclude each other');
  return queue;
}

function readTiles({ tiles, tileOverlap: overlap }: Flags): Tiles {
  const named = tiles === 'auto' || tiles === 'none';
  if (overlap !== undefined && named) throw invalidArgument('tile-overlap', 'a size given by --tiles with it', overlap);
  if (named) return tiles === 'auto' ? tiles : false;
  const size = checkInteger('tiles', /^\d+$/.test(tiles) ? Number(tiles) : tiles, smallestTile);
  return checkTiles('tiles', { size, ...(overlap !== undefined && { overlap }) });
}

const help = `
The text is printed; files are written only with --save. PDF files need PDFium:
npm install @hyzyla/pdfium.

Examples:
  paddlelab ocr receipt.jpg
  paddlelab ocr scans/ --save text,picture --output-dir texts
  paddlelab ocr letter.pdf --dpi 300 --save text --output-dir texts
  paddlelab ocr scans/ --save text,tsv --output-dir texts --shard 2/3
  paddlelab ocr scans/ --pipeline http://host:8080/ocr
  paddlelab ocr page.png --json | jq -r '.lines[].text'

Exit codes: 0 all done, 1 nothing could be done, 2 usage error, 3 some inputs
failed, 130 interrupted.`;
