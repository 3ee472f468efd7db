import path from 'node:path';
import type { Command } from 'commander';
import { PaddleLabError } from '../../errors';
import { diskFull, hasNoRoom } from '../../files/disk-full';
import { mkdir, readFile, writeFile } from '../../files/fs';
import { refuseReplacing } from '../../files/replacing';
import { decodeImage } from '../../image/image';
import { planImages } from '../../infer/plan';
import { Config } from '../../inference/config';
import { createPredictor } from '../../inference/create-predictor';
import { readModelSpec } from '../../layouts/layouts';
import { prepareImage } from '../../model-io/model-io';
import { checkInteger, throwIfAborted } from '../../validate';
import { suggestModels } from '../completion/suggestions';
import { interruptible, nothingDone } from '../interruptible';
import { say } from '../print';
import { readWhole } from '../read-number';

interface TuneFlags {
  output: string;
  images: number;
  runtime?: string;
}

/** Adds `paddlelab tune`: collects the shapes that TensorRT will see, from sample images. */
export function registerTune(program: Command): void {
  suggestModels(program.command('tune <model> <images...>'), 'first')
    .description('collect the shapes of all tensors on sample images, for TensorRT')
    .option('--output <file>', 'output file', 'shape_range_info.pbtxt')
    .option('--images <n>', 'maximum number of images to run', readWhole, 10)
    .option('--runtime <which>', 'version or folder of Paddle')
    .action(async (model: string, images: string[], flags: TuneFlags) => {
      const seen: string[] = [];
      const keptWork = () =>
        seen.length === 0
          ? nothingDone
          : `${path.resolve(flags.output)} has the shapes of only ${seen.length} images; run the same command to start over.`;
      const tensors = await interruptible((signal) => collectShapes(model, images, flags, signal, seen), keptWork);
      say(`Wrote the shapes of ${tensors} tensors into ${path.resolve(flags.output)}`);
      say(`Use them with: paddlelab infer … --run_mode trt_fp16 --tuned_trt_shape_file ${flags.output}`);
    });
}

const choices = { existing: 'another --output', own: 'another --output' };

/** @param seen collects the images whose shapes will be in the file */
async function collectShapes(
  model: string,
  paths: string[],
  flags: TuneFlags,
  signal: AbortSignal,
  seen: string[],
): Promise<number> {
  checkInteger('images', flags.images, 1);
  const spec = await readModelSpec(model, { format: 'pdmodel', assumedTask: 'tensors', signal });
  const { program, params, format } = spec.files;
  if (format === 'json') {
    // For .json programs, the names in the file contain pointers, which differ in every process.
    throw new PaddleLabError(
      'MODEL_UNSUPPORTED',
      `Shapes of a .json program can't be used later; export ${model} as .pdmodel`,
    );
  }
  const output = path.resolve(flags.output);
  const files = (await planImages(paths, true)).slice(0, flags.images).map(({ file }) => file);
  await refuseReplacing([output], [program, params, ...files], true, choices);
  // Paddle aborts the process if it can't write, or got no image.
  const [first] = files;
  if (first !== undefined) await decodeImage(first);
  await mkdir(path.dirname(output), { recursive: true });
  await writeFile(output, '');
  const config = new Config(program, params);
  config.disableGpu();
  config.disableOnednn();
  config.collectShapeRangeInfo(output);
  const predictor = await createPredictor(config, { runtime: flags.runtime });
  try {
    for (const file of files) {
      throwIfAborted(signal);
      const { inputs } = await prepareImage(spec, predictor.inputNames, await decodeImage(file));
      await predictor.run(inputs, { signal });
      seen.push(file);
    }
  } finally {
    // Disposing writes the file.
    await predictor.dispose();
  }
  return checkShapeFile(output, predictor.inputNames);
}

/** Checks that the file has what TensorRT needs: at least a range for each input. */
async function checkShapeFile(file: string, inputs: readonly string[]): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const names = [...text.matchAll(/^\s*name:\s*"([^"]+)"/gm)].map((match) => match[1]);
  const missing = inputs.filter((name) => !names.includes(name));
  // Paddle does not check whether everything was written.
  const whole = text.split('{').length === text.split('}').length && text.endsWith('\n');
  if (missing.length === 0 && whole) return names.length;
  if (await hasNoRoom(file)) throw diskFull(file, undefined);
  throw new PaddleLabError('PREDICTOR_RUN_FAILED', `Paddle wrote no shapes of ${missing.join(', ')} into ${file}`);
}
