import path from 'node:path';
import { type Command, Option } from 'commander';
import { describeAgreement } from '../../agreement/agreements';
import { PaddleLabError } from '../../errors';
import { writeAtomically } from '../../files/atomic-file';
import { copyFile, readdir, realpath } from '../../files/fs';
import { refuseReplacing } from '../../files/replacing';
import { decodeImage } from '../../image/image';
import { convertToMixedPrecision } from '../../inference/paddle-info';
import { readModelSpec } from '../../layouts/layouts';
import { checkOnnx, type OnnxCheck } from '../../onnx/check-onnx';
import { convertToOnnx } from '../../onnx/convert-to-onnx';
import { checkInteger } from '../../validate';
import { suggestModels } from '../completion/suggestions';
import { interruptible } from '../interruptible';
import { say, tell } from '../print';
import { readWhole } from '../read-number';

interface ConvertFlags {
  readonly to: 'paddle' | 'onnx';
  readonly precision: 'fp16' | 'bf16';
  readonly backend: 'gpu' | 'xpu' | 'custom';
  readonly keepIo: boolean;
  readonly python: string;
  readonly opset: number;
  readonly image?: string;
  readonly overwrite?: boolean;
}

const onlyOnnx = ['python', 'opset', 'image'];
const onlyPaddle = ['precision', 'backend', 'keepIo'];
/** As for partly failed runs: the file exists, but it differs from Paddle. */
const exitDiffers = 3;
/** The lowest opset that paddle2onnx writes. */
const leastOpset = 7;

/** Adds `paddlelab convert`: a model in mixed precision for other devices, or as ONNX. */
export function registerConvert(program: Command): void {
  const paddle = 'Mixed precision:';
  const onnx = 'ONNX:';
  suggestModels(program.command('convert <model> <out>'), 'first')
    .description('write the model into a folder in mixed precision, for GPUs, or as ONNX')
    .addOption(new Option('--to <format>', 'output format').choices(['paddle', 'onnx']).default('paddle'))
    .addOption(
      new Option('--precision <name>', 'precision of the weights')
        .choices(['fp16', 'bf16'])
        .default('fp16')
        .helpGroup(paddle),
    )
    .addOption(
      new Option('--backend <name>', 'target device')
        .choices(['gpu', 'xpu', 'custom'])
        .default('gpu')
        .helpGroup(paddle),
    )
    .addOption(new Option('--no-keep-io', 'convert inputs and outputs to mixed precision too').helpGroup(paddle))
    .addOption(new Option('--python <program>', 'Python with paddle2onnx').default('python3').helpGroup(onnx))
    .addOption(new Option('--opset <n>', 'ONNX operator set version').argParser(readWhole).default(16).helpGroup(onnx))
    .addOption(
      new Option('--image <file>', 'image for checking the result; a generated one by default').helpGroup(onnx),
    )
    .option('--overwrite', 'replace existing files')
    .addHelpText(
      'after',
      '\nExamples:\n  paddlelab convert models/ppyoloe fp16/\n  paddlelab convert models/ppyoloe --to onnx out/ --python env/bin/python',
    )
    .action(async (model: string, out: string, flags: ConvertFlags, command: Command) => {
      refuseForeign(command, flags.to);
      if (flags.to === 'paddle') await toMixedPrecision(model, path.resolve(out), flags);
      else process.exitCode = await toOnnx(model, path.resolve(out), flags);
    });
}

function refuseForeign(command: Command, to: ConvertFlags['to']): void {
  const foreign = to === 'onnx' ? onlyPaddle : onlyOnnx;
  const given = command.options.find(
    (option) =>
      foreign.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given === undefined) return;
  const text = to === 'onnx' ? `${given.long} has no meaning for ONNX` : `${given.long} needs --to onnx`;
  throw new PaddleLabError('INVALID_ARGUMENT', text);
}

async function toMixedPrecision(model: string, folder: string, flags: ConvertFlags): Promise<void> {
  const { precision, backend, keepIo, overwrite } = flags;
  const { files } = await readModelSpec(model, { format: 'pdmodel', assumedTask: 'tensors' });
  const { program, params } = files;
  const target = (file: string) => path.join(folder, path.basename(file));
  const configurations = await configurationsFor(files.directory, folder);
  const written = [target(program), target(params), ...configurations.map(({ to }) => to)];
  await refuseReplacing(written, [program, params], overwrite === true, choices);
  const settings = { keepIoTypes: keepIo };
  await convertToMixedPrecision(program, params, target(program), target(params), precision, backend, settings);
  await copyAll(configurations);
  say(`Wrote ${model} in ${precision} into ${folder}`);
}

const choices = { existing: '--overwrite, or another name', own: 'another folder' };

interface Copy {
  readonly from: string;
  readonly to: string;
}

/** Other configuration files of the model; none if the folder is the same. */
async function configurationsFor(from: string, to: string): Promise<Copy[]> {
  if (path.relative(await realpath(from), await realpath(to).catch(() => to)) === '') return [];
  const names = (await readdir(from)).filter((name) => /\.(ya?ml|txt)$/i.test(name));
  return names.map((name) => ({ from: path.join(from, name), to: path.join(to, name) }));
}

async function copyAll(copies: readonly Copy[]): Promise<void> {
  for (const { from, to } of copies) {
    await writeAtomically(to, (temporary) => copyFile(from, temporary));
  }
}

async function toOnnx(model: string, out: string, flags: ConvertFlags): Promise<number> {
  let written: string | undefined;
  const work = (signal: AbortSignal) =>
    convertAndCheck(model, out, flags, signal, (file) => {
      written = file;
    });
  return interruptible(work, () =>
    written === undefined
      ? 'Nothing was written; run the same command to start over.'
      : `${written} was written but not compared with Paddle.`,
  );
}

async function convertAndCheck(
  model: string,
  out: string,
  flags: ConvertFlags,
  signal: AbortSignal,
  onWritten: (file: string) => void,
): Promise<number> {
  const { python, opset, image, overwrite } = flags;
  checkInteger('opset', opset, leastOpset);
  // Checked before minutes of work, not after.
  const picture = image === undefined ? undefined : await decodeImage(image);
  const spec = await readModelSpec(model, { assumedTask: 'tensors', signal });
  const isFile = /\.onnx$/i.test(out);
  const target = isFile ? out : path.join(out, 'inference.onnx');
  const configurations = isFile ? [] : await configurationsFor(spec.files.directory, out);
  const sources = [spec.files.program, spec.files.params];
  await refuseReplacing([target, ...configurations.map(({ to }) => to)], sources, overwrite === true, choices);
  tell('Starting paddle2onnx …');
  await convertToOnnx(spec.files, target, {
    ...{ python, opset, signal },
    onBegin: ({ paddle, paddle2onnx }) => tell(`Converting with paddle2onnx ${paddle2onnx} (paddlepaddle ${paddle}) …`),
  });
  await copyAll(configurations);
  onWritten(target);
  say(`Wrote ${model} as ONNX into ${target}`);
  tell('Comparing with Paddle …');
  return tellCheck(await checkOnnx(spec, target, { python, picture, signal }), image);
}

/** Relative to the largest output: a larger difference is more than rounding. */
const largestDifference = 1e-3;

function tellCheck(check: OnnxCheck, image: string | undefined): number {
  if (check.kind === 'unchecked') {
    say(`The result was not compared with Paddle: ${check.reason}`);
    return 0;
  }
  const { onnxruntime, agreement, difference } = check;
  const where = image === undefined ? 'a generated picture' : image;
  say(`onnxruntime ${onnxruntime} against Paddle on ${where}:`);
  if (agreement !== undefined) say(`  ${describeAgreement(agreement)}`);
  if (difference === undefined) say('  outputs with different shapes');
  else {
    const { maxAbs, relative } = difference;
    say(`  outputs ± ${maxAbs.toExponential(1)} (${relative.toExponential(1)} of the largest)`);
  }
  if (difference !== undefined && difference.relative <= largestDifference) return 0;
  tell('The two differ; check whether that matters for your use before you use the ONNX model');
  return exitDiffers;
}
