import path from 'node:path';
import { readdir } from '../../files/fs';

/** What may be given in the place of an exported program or its parameters. */
export type ForeignKind = 'checkpoint' | 'parameterInfo' | 'pytorch' | 'onnx' | 'safetensors' | 'lite' | 'zip';

/** What `paddle.save` writes in training: weights, the optimizer's state, the state of the run. */
const checkpointName = /\.(pdparams|pdopt|pdstates|pdema)$/i;

const kindsByName: readonly (readonly [RegExp, ForeignKind])[] = [
  [checkpointName, 'checkpoint'],
  [/\.pdiparams\.info$/i, 'parameterInfo'],
  [/\.(pt|pth)$/i, 'pytorch'],
  [/\.onnx$/i, 'onnx'],
  [/\.safetensors$/i, 'safetensors'],
  [/\.nb$/i, 'lite'],
];

export function isCheckpointName(name: string): boolean {
  return checkpointName.test(name);
}

/** The kind that a file's name tells. */
export function foreignKindOfName(name: string): ForeignKind | undefined {
  return kindsByName.find(([pattern]) => pattern.test(name))?.[1];
}

/** The kind that the first bytes of a file tell, and its name where they fit several. */
export function foreignKindOfBytes(head: Buffer, name: string): ForeignKind | undefined {
  const named = foreignKindOfName(name);
  // A pickle of protocol 2 to 5, which torch.save wrote up to 1.5, with a number of its own first.
  if (head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5) {
    const isTorch = head.subarray(2, 12).toString('hex') === '8a0a6cfc9c46f9206aa8';
    return isTorch ? 'pytorch' : (named ?? 'checkpoint');
  }
  if (head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    return head.includes('/data.pkl') ? 'pytorch' : (named ?? 'zip');
  }
  // The version of the format as field 1, then a text: what exporters put first.
  if (head[0] === 0x08 && (head[1] ?? 0) <= 32 && [0x12, 0x1a, 0x22, 0x32, 0x3a].includes(head[2] ?? 0)) return 'onnx';
  if (head.length > 8 && head[8] === 0x7b && head.readUInt32LE(4) === 0 && head.readUInt32LE(0) > 1) {
    return 'safetensors';
  }
  return undefined;
}

/** Toolkits that train, and the command that exports what they trained. */
const exportCommands = {
  PaddleDetection: (weights: string) => `python tools/export_model.py -c CONFIG.yml -o weights=${weights}`,
  PaddleSeg: (weights: string) => `python tools/export.py --config CONFIG.yml --model_path ${weights}`,
  // It adds the ending itself.
  PaddleClas: (weights: string) =>
    `python tools/export_model.py -c CONFIG.yaml -o Global.pretrained_model=${weights.replace(/\.pdparams$/, '')}`,
} as const;

type Toolkit = keyof typeof exportCommands;

/** Says that a file is a training checkpoint, and how its toolkit exports it. */
export function describeCheckpoint(weights: string, names: readonly string[]): string {
  const toolkit = toolkitOf([path.basename(path.dirname(weights)), ...names]);
  const file = checkpointName.test(weights) ? weights.replace(/\.(pdopt|pdstates|pdema)$/i, '.pdparams') : 'WEIGHTS';
  const commands = (Object.keys(exportCommands) as Toolkit[])
    .filter((name) => toolkit === undefined || name === toolkit)
    .map((name) => `${name}: ${exportCommands[name](quoted(file))}`);
  return (
    'a training checkpoint, which holds weights and no network; export it with the configuration it was trained with ' +
    `and give the folder that is written then:\n  ${commands.join('\n  ')}`
  );
}

/** The toolkit that such names come from: of configurations, or of what a training run writes. */
function toolkitOf(names: readonly string[]): Toolkit | undefined {
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (has(/^infer_cfg\.yml$|^model_final\./)) return 'PaddleDetection';
  if (has(/^deploy\.yaml$|^iter_\d+$|^best_model$/)) return 'PaddleSeg';
  if (has(/^inference_cls\.yaml$|^epoch_\d+\.|^latest\./)) return 'PaddleClas';
  return undefined;
}

function quoted(file: string): string {
  return /^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}

/** What a file of such a kind is, and what to do instead of giving it. */
export async function describeForeign(kind: ForeignKind, file: string): Promise<string> {
  switch (kind) {
    case 'checkpoint':
      return describeCheckpoint(file, await readdir(path.dirname(file)).catch(() => []));
    case 'parameterInfo':
      return 'the names that paddle.jit.load reads, not the parameters; give the .pdiparams file beside it';
    case 'pytorch':
      return 'a file of PyTorch; only exported Paddle programs run here: PaddlePaddle’s X2Paddle converts such networks';
    case 'onnx':
      return 'an ONNX network; only exported Paddle programs run here: PaddlePaddle’s X2Paddle converts such networks';
    case 'safetensors':
      return 'weights in safetensors’ format, which hold no network; export the network as a Paddle program';
    case 'lite':
      return 'a network for Paddle Lite; give the folder of the program that it was made from';
    case 'zip':
      return 'a ZIP archive (PyTorch’s files are such, too); unpack it, and give the folder of the exported program';
  }
}
