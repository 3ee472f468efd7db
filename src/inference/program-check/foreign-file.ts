import path from 'node:path';
import { readdir } from '../../files/fs';

/** Kinds of files that users give in place of an exported program or its parameters. */
export type ForeignKind = 'checkpoint' | 'parameterInfo' | 'pytorch' | 'onnx' | 'safetensors' | 'lite' | 'zip';

/** Files of `paddle.save` from training: weights, optimizer state, state of the run. */
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

/** The kind by the name of a file. */
export function foreignKindOfName(name: string): ForeignKind | undefined {
  return kindsByName.find(([pattern]) => pattern.test(name))?.[1];
}

/** The kind by the first bytes of a file, and by its name if they are ambiguous. */
export function foreignKindOfBytes(head: Buffer, name: string): ForeignKind | undefined {
  const named = foreignKindOfName(name);
  // A pickle of protocol 2 to 5, as written by torch.save up to 1.5, which starts with its own magic number.
  if (head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5) {
    const isTorch = head.subarray(2, 12).toString('hex') === '8a0a6cfc9c46f9206aa8';
    return isTorch ? 'pytorch' : (named ?? 'checkpoint');
  }
  if (head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    return head.includes('/data.pkl') ? 'pytorch' : (named ?? 'zip');
  }
  // The format version as field 1, then a text: the usual start of an exported file.
  if (head[0] === 0x08 && (head[1] ?? 0) <= 32 && [0x12, 0x1a, 0x22, 0x32, 0x3a].includes(head[2] ?? 0)) return 'onnx';
  if (head.length > 8 && head[8] === 0x7b && head.readUInt32LE(4) === 0 && head.readUInt32LE(0) > 1) {
    return 'safetensors';
  }
  return undefined;
}

/** Training toolkits, and their export commands. */
const exportCommands = {
  PaddleDetection: (weights: string) => `python tools/export_model.py -c CONFIG.yml -o weights=${weights}`,
  PaddleSeg: (weights: string) => `python tools/export.py --config CONFIG.yml --model_path ${weights}`,
  // The script adds the file extension itself.
  PaddleClas: (weights: string) =>
    `python tools/export_model.py -c CONFIG.yaml -o Global.pretrained_model=${weights.replace(/\.pdparams$/, '')}`,
} as const;

type Toolkit = keyof typeof exportCommands;

/** Describes a training checkpoint, and how its toolkit exports it. */
export function describeCheckpoint(weights: string, names: readonly string[]): string {
  const toolkit = toolkitOf([path.basename(path.dirname(weights)), ...names]);
  const file = checkpointName.test(weights) ? weights.replace(/\.(pdopt|pdstates|pdema)$/i, '.pdparams') : 'WEIGHTS';
  const commands = (Object.keys(exportCommands) as Toolkit[])
    .filter((name) => toolkit === undefined || name === toolkit)
    .map((name) => `${name}: ${exportCommands[name](quoted(file))}`);
  return (
    'a training checkpoint, which has weights but no network; export it with its training configuration ' +
    `and give the exported folder:\n  ${commands.join('\n  ')}`
  );
}

/** The toolkit by the names of configurations or of files written by a training run. */
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

/** Describes a file of this kind, and what to give instead. */
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
      return 'weights in safetensors’ format, which contain no network; export the network as a Paddle program';
    case 'lite':
      return 'a network for Paddle Lite; give the folder of the program that it was made from';
    case 'zip':
      return 'a ZIP archive (PyTorch files are ZIP archives, too); unpack it, and give the folder of the exported program';
  }
}
