import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { describeAgreement } from '../../compare/agreement-text';
import { PaddleLabError } from '../../errors';
import { decodeImage } from '../../image/image';
import { refuseExisting } from '../../infer/atomic-file';
import { convertToMixedPrecision } from '../../inference/paddle-info';
import { readModelSpec } from '../../model/layouts/registry';
import { checkOnnx, type OnnxCheck } from '../../onnx/check-onnx';
import { convertToOnnx } from '../../onnx/convert-to-onnx';
import { checkInteger } from '../../validate';
import { interruptible } from '../infer/interruptible';
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

const onlyOnnx = ['python', 'opset', 'image', 'overwrite'];
const onlyPaddle = ['precision', 'backend', 'keepIo'];
/** As for runs of which a part failed: the file is there, but it is not what it should be. */
const exitDiffers = 3;
/** The least that paddle2onnx writes. */
const leastOpset = 7;

/** Adds `paddlelab convert`: a model in mixed precision for other devices, or as ONNX. */
export function registerConvert(program: Command): void {
  const paddle = 'Mixed precision:';
  const onnx = 'ONNX:';
  program
    .command('convert <model> <out>')
    .description('write the model into a folder in mixed precision, for GPUs, or as ONNX')
    .addOption(new Option('--to <format>', 'what to write').choices(['paddle', 'onnx']).default('paddle'))
    .addOption(
      new Option('--precision <name>', 'of the weights').choices(['fp16', 'bf16']).default('fp16').helpGroup(paddle),
    )
    .addOption(
      new Option('--backend <name>', 'device to run it')
        .choices(['gpu', 'xpu', 'custom'])
        .default('gpu')
        .helpGroup(paddle),
    )
    .addOption(new Option('--no-keep-io', 'inputs and outputs in mixed precision too').helpGroup(paddle))
    .addOption(new Option('--python <program>', 'that has paddle2onnx').default('python3').helpGroup(onnx))
    .addOption(
      new Option('--opset <n>', 'version of ONNX’s operators').argParser(readWhole).default(16).helpGroup(onnx),
    )
    .addOption(new Option('--image <file>', 'to check the result on; a made-up picture by default').helpGroup(onnx))
    .addOption(new Option('--overwrite', 'replace a file that is there').helpGroup(onnx))
    .addHelpText(
      'after',
      '\nExamples:\n  paddlelab convert models/ppyoloe fp16/\n  paddlelab convert models/ppyoloe --to onnx out/ --python env/bin/python',
    )
    .action(async (model: string, out: string, flags: ConvertFlags, command: Command) => {
      refuseForeign(command, flags.to);
      if (flags.to === 'paddle') await toMixedPrecision(model, path.resolve(out), flags);
      else process.exitCode = await interruptible((signal) => toOnnx(model, path.resolve(out), flags, signal));
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
  const { precision, backend, keepIo } = flags;
  const { files } = await readModelSpec(model, { format: 'pdmodel', assumedTask: 'tensors' });
  const { program, params } = files;
  const target = (file: string) => path.join(folder, path.basename(file));
  const settings = { keepIoTypes: keepIo };
  await convertToMixedPrecision(program, params, target(program), target(params), precision, backend, settings);
  await copyConfigurations(files.directory, folder);
  say(`Wrote ${model} in ${precision} into ${folder}`);
}

/** What else the folder says of the model. */
async function copyConfigurations(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (/\.(ya?ml|txt)$/i.test(name)) await copyFile(path.join(from, name), path.join(to, name));
  }
}

async function toOnnx(model: string, out: string, flags: ConvertFlags, signal: AbortSignal): Promise<number> {
  const { python, opset, image, overwrite } = flags;
  checkInteger('opset', opset, leastOpset);
  // Read before minutes of work, not after.
  const picture = image === undefined ? undefined : await decodeImage(image);
  const spec = await readModelSpec(model, { assumedTask: 'tensors' });
  const isFile = /\.onnx$/i.test(out);
  const target = isFile ? out : path.join(out, 'inference.onnx');
  if (overwrite !== true) await refuseExisting(target, '--overwrite, or another name');
  tell('Starting paddle2onnx …');
  await convertToOnnx(spec.files, target, {
    ...{ python, opset, signal },
    onBegin: ({ paddle, paddle2onnx }) => tell(`Converting with paddle2onnx ${paddle2onnx} (paddlepaddle ${paddle}) …`),
  });
  if (!isFile) await copyConfigurations(spec.files.directory, out);
  say(`Wrote ${model} as ONNX into ${target}`);
  tell('Comparing with Paddle …');
  return tellCheck(await checkOnnx(spec, target, { python, picture, signal }), image);
}

/** Of the largest output: more is no rounding. */
const largestDifference = 1e-3;

function tellCheck(check: OnnxCheck, image: string | undefined): number {
  if (check.kind === 'unchecked') {
    say(`It was not compared with Paddle: ${check.reason}`);
    return 0;
  }
  const { onnxruntime, agreement, difference } = check;
  const where = image === undefined ? 'a made-up picture' : image;
  say(`onnxruntime ${onnxruntime} against Paddle on ${where}:`);
  if (agreement !== undefined) say(`  ${describeAgreement(agreement)}`);
  if (difference === undefined) say('  outputs of other shapes');
  else {
    const { maxAbs, relative } = difference;
    say(`  outputs ± ${maxAbs.toExponential(1)} (${relative.toExponential(1)} of the largest)`);
  }
  if (difference !== undefined && difference.relative <= largestDifference) return 0;
  tell('The two differ: look at what the model is for before it is used');
  return exitDiffers;
}
