import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A sound model to damage copies of. */
export interface SoundModel {
  readonly name: string;
  readonly program: string;
  readonly params: string;
}

/** A damaged model on disk. */
export interface DamagedCase {
  readonly name: string;
  readonly program: string;
  readonly params: string;
}

interface Pieces {
  program: Buffer;
  params: Buffer;
}

type Random = (below: number) => number;

/** Damages a model; `other` is another intact model. */
type Damage = (model: Pieces, random: Random, other: Pieces) => Pieces;

/** Kinds of damage, each with the number of times it is applied to each model. */
const damages: readonly { name: string; times: number; apply: Damage }[] = [
  { name: 'program cut off', times: 8, apply: (model, random) => ({ ...model, program: cut(model.program, random) }) },
  { name: 'parameters cut off', times: 6, apply: (model, random) => ({ ...model, params: cut(model.params, random) }) },
  {
    name: 'program with flipped bits',
    times: 40,
    apply: (model, random) => ({ ...model, program: flip(model.program, random) }),
  },
  {
    name: 'parameters with flipped bits',
    times: 12,
    apply: (model, random) => ({ ...model, params: flip(model.params, random) }),
  },
  {
    name: 'parameter headers with flipped bits',
    times: 6,
    apply: (model, random) => ({ ...model, params: flipHeader(model.params, random) }),
  },
  {
    name: 'program and parameters swapped',
    times: 1,
    apply: ({ program, params }) => ({ program: params, params: program }),
  },
  { name: "another model's parameters", times: 1, apply: (model, _, other) => ({ ...model, params: other.params }) },
  { name: "another model's program", times: 1, apply: (model, _, other) => ({ ...model, program: other.program }) },
  { name: 'empty program', times: 1, apply: (model) => ({ ...model, program: Buffer.alloc(0) }) },
  { name: 'empty parameters', times: 1, apply: (model) => ({ ...model, params: Buffer.alloc(0) }) },
  {
    name: 'random program',
    times: 4,
    apply: (model, random) => ({ ...model, program: noise(model.program.length, random) }),
  },
  {
    name: 'random parameters',
    times: 3,
    apply: (model, random) => ({ ...model, params: noise(model.params.length, random) }),
  },
  {
    name: 'program with random bytes inside',
    times: 16,
    apply: (model, random) => ({ ...model, program: scribble(model.program, random) }),
  },
  {
    name: 'huge numbers in the program',
    times: 24,
    apply: (model, random) => ({ ...model, program: enlarge(model.program, random) }),
  },
  {
    name: 'huge sizes in the parameters',
    times: 4,
    apply: (model, random) => ({ ...model, params: hugeHeader(model.params, random) }),
  },
  {
    name: 'program with a piece left out',
    times: 6,
    apply: (model, random) => ({ ...model, program: leaveOut(model.program, random) }),
  },
];

/** Writes damaged copies of the models, reproducible by seed. */
export async function writeDamaged(
  models: readonly SoundModel[],
  folder: string,
  seed: number,
): Promise<DamagedCase[]> {
  const random = seeded(seed);
  const sound = await Promise.all(models.map(readPieces));
  const cases: DamagedCase[] = [];
  for (const [i, model] of models.entries()) {
    const other = sound[(i + 1) % sound.length]!;
    for (const { name, times, apply } of damages) {
      for (let time = 0; time < times; time++) {
        const pieces = apply({ ...sound[i]! }, random, other);
        const home = path.join(folder, String(cases.length));
        await mkdir(home, { recursive: true });
        const program = path.join(home, path.basename(model.program));
        const params = path.join(home, path.basename(model.params));
        await Promise.all([writeFile(program, pieces.program), writeFile(params, pieces.params)]);
        cases.push({ name: `${model.name}: ${name} (${time + 1})`, program, params });
      }
    }
  }
  return cases;
}

async function readPieces({ program, params }: SoundModel): Promise<Pieces> {
  const [first, second] = await Promise.all([readFile(program), readFile(params)]);
  return { program: first, params: second };
}

/** Mulberry32: small, and the same everywhere. */
function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function cut(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, random(bytes.length));
}

function flip(bytes: Buffer, random: Random, within = bytes.length): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = 1 + random(4); count > 0; count--) {
    const at = random(within);
    copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
  }
  return copy;
}

/** The first tensor's header. */
function flipHeader(bytes: Buffer, random: Random): Buffer {
  return flip(bytes, random, 40);
}

function noise(length: number, random: Random): Buffer {
  return Buffer.from(Uint8Array.from({ length: Math.min(length, 100_000) }, () => random(256)));
}

function scribble(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const start = random(copy.length - 16);
  for (let i = 0; i < 16; i++) copy[start + i] = random(256);
  return copy;
}

function leaveOut(bytes: Buffer, random: Random): Buffer {
  const start = random(bytes.length - 200);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + random(199))]);
}

/** In JSON a number is replaced, in protobuf a byte becomes the start of a long varint. */
function enlarge(bytes: Buffer, random: Random): Buffer {
  if (bytes[0] === 0x7b) return enlargeJson(bytes.toString('latin1'), random);
  const copy = Buffer.from(bytes);
  copy.set([0xff, 0xff, 0xff, 0x7f], random(copy.length - 4));
  return copy;
}

function enlargeJson(text: string, random: Random): Buffer {
  const numbers = [...text.matchAll(/(?<=[[,:])-?\d+(?=[\],}])/g)];
  const chosen = numbers[random(numbers.length)]!;
  const huge = ['99999999999', '2147483647', '-2147483648', '1e300', '4611686018427387904'][random(5)]!;
  return Buffer.from(text.slice(0, chosen.index) + huge + text.slice(chosen.index! + chosen[0].length), 'latin1');
}

/** The length of the description, or a dimension, of the first tensor. */
function hugeHeader(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const at = [4, 16, 20, 23][random(4)]!;
  copy.set([0xff, 0xff, 0xff, 0x7f], at);
  return copy;
}
