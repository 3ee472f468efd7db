import { type Command, Option } from 'commander';
import { stat } from '../../files/fs';
import { checkModelFiles } from '../../inference/model-files';
import type { OutlineInput } from '../../inference/program-check/program-desc';
import { readModelSpec } from '../../layouts/layouts';
import { showControls } from '../../text/controls';
import { formatSize, wrap } from '../../text/format';
import { suggestModels } from '../completion/suggestions';
import { interruptible } from '../interruptible';
import { say } from '../print';

const width = 80;

/** Adds `paddlelab inspect`: shows what a model's files declare, without loading Paddle. */
export function registerInspect(program: Command): void {
  suggestModels(program.command('inspect <model>'), 'first')
    .description('describe a model: inputs, outputs, operators, preprocessing, sizes')
    .addOption(new Option('--format <name>', 'pdmodel or json, if the folder has both').choices(['pdmodel', 'json']))
    .option('--json', 'as JSON')
    .action(async (model: string, options: { format?: 'pdmodel' | 'json'; json?: boolean }) => {
      const found = await interruptible((signal) => inspectModel(model, options.format, signal));
      say(options.json ? JSON.stringify(found, undefined, 2) : format(found));
    });
}

type Inspection = Awaited<ReturnType<typeof inspectModel>>;

async function inspectModel(model: string, wanted: 'pdmodel' | 'json' | undefined, signal: AbortSignal) {
  const spec = await readModelSpec(model, { format: wanted, assumedTask: 'tensors', signal });
  const { program, params } = spec.files;
  const { outline } = await checkModelFiles(program, params);
  const [programBytes, paramsBytes] = await Promise.all([program, params].map(async (file) => (await stat(file)).size));
  const weights = outline.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * Math.abs(b), 1), 0);
  return {
    spec,
    inputs: outline.inputs,
    outputs: outline.outputs,
    operators: outline.operatorTypes,
    weights,
    programBytes,
    paramsBytes,
  };
}

function format({ spec, inputs, outputs, operators, weights, programBytes, paramsBytes }: Inspection): string {
  const all = Object.values(operators).reduce((sum, count) => sum + count, 0);
  const types = Object.entries(operators).sort(([, a], [, b]) => b - a);
  return [
    row('task', `${spec.task} (${spec.family}, ${spec.arch})`),
    row('layout', spec.layout),
    row('classes', spec.labels.length > 12 ? `${spec.labels.length}` : spec.labels.join(', ') || 'unknown'),
    row('image size', spec.inputSize === undefined ? 'follows the image' : `${spec.inputSize[1]}×${spec.inputSize[0]}`),
    ...ports('inputs', inputs),
    ...ports('outputs', outputs),
    row('operators', `${all}: ${types.map(([type, count]) => `${count} ${type}`).join(', ')}`),
    row('parameters', `${weights.toLocaleString('en')} numbers`),
    row('files', `${spec.files.program} (${formatSize(programBytes ?? 0)})`),
    row('', `${spec.files.params} (${formatSize(paramsBytes ?? 0)})`),
    'preprocessing',
    ...spec.preprocess.map(({ type, parameters }, i) => row(`  ${i + 1}`, `${type} ${show(parameters)}`)),
  ].join('\n');
}

function row(name: string, text: string): string {
  return wrap(`${name.padEnd(13)} ${showControls(text)}`, width, ' '.repeat(14));
}

function ports(title: string, list: readonly OutlineInput[]): string[] {
  return list.map(({ name, dtype, shape }, i) =>
    row(i === 0 ? title : '', `${name} ${dtype ?? ''}[${shape.join(', ')}]`),
  );
}

function show(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`)
    .join(' ');
}
