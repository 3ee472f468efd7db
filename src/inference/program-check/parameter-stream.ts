import type { FileHandle } from '../../files/fs';
import { type ParameterSlot, readTensorDesc } from './program-desc';
import { Damage, ProtobufReader } from './protobuf-reader';

/** Bytes of an element, by the number in `VarType.Type`. */
const elementBytes: Readonly<Record<number, number>> = {
  0: 1, // bool
  1: 2, // int16
  2: 4, // int32
  3: 8, // int64
  4: 2, // float16
  5: 4, // float32
  6: 8, // float64
  20: 1, // uint8
  21: 1, // int8
  22: 2, // bfloat16
  23: 8, // complex64
  24: 16, // complex128
  32: 1, // float8_e4m3fn
  33: 1, // float8_e5m2
};

/** Maximum length of a tensor description; real ones have some ten bytes. */
const longestDescription = 4096;
const mostLevels = 16;

/** One tensor of a parameter file. */
export interface StoredTensor {
  /** A number of `VarType.Type`. */
  readonly dtype: number;
  readonly shape: readonly number[];
  /** Position of the first value in the file. */
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the tensor headers of a parameter file, without the values, and checks their number and shapes against the
 * program's. Returns where each tensor is.
 *
 * @throws Damage
 */
export async function checkParameterStream(
  file: FileHandle,
  size: number,
  slots: readonly ParameterSlot[] | undefined,
): Promise<StoredTensor[]> {
  const window = new FileWindow(file, size);
  const tensors: StoredTensor[] = [];
  let position = 0;
  while (position < size) {
    const count = tensors.length;
    const slot = slots?.[count];
    if (slots !== undefined && slot === undefined) {
      throw new Damage(`${size - position} bytes more than the program's ${slots.length} parameters take`);
    }
    const tensor = await readTensor(window, position, slot?.name ?? `number ${count + 1}`);
    if (slot !== undefined && !fits(slot.shape, tensor.shape)) {
      throw new Damage(`parameter ${slot.name} of shape [${tensor.shape}] where the program has [${slot.shape}]`);
    }
    position = tensor.end;
    tensors.push(tensor);
  }
  if (slots !== undefined && tensors.length < slots.length) {
    throw new Damage(`${tensors.length} parameters where the program has ${slots.length}`);
  }
  return tensors;
}

/** Each tensor is stored as version, sequence levels, version, description, values. */
async function readTensor(window: FileWindow, start: number, name: string): Promise<StoredTensor> {
  const header = await window.read(start, 12, name);
  expectVersion(header.readUInt32LE(0), name);
  const levels = header.readBigUInt64LE(4);
  if (levels > mostLevels) throw new Damage(`${levels} sequence levels in parameter ${name}`);
  let position = start + 12;
  for (let level = 0; level < levels; level++) {
    const bytes = (await window.read(position, 8, name)).readBigUInt64LE(0);
    position = window.skip(position + 8, bytes, name);
  }
  const inner = await window.read(position, 8, name);
  expectVersion(inner.readUInt32LE(0), name);
  const length = inner.readInt32LE(4);
  if (length <= 0 || length > longestDescription) throw new Damage(`a description of ${length} bytes for ${name}`);
  const shape: number[] = [];
  const dtype = readTensorDesc(new ProtobufReader(await window.read(position + 8, length, name)), shape);
  const bytes = elementBytes[dtype];
  if (bytes === undefined) throw new Damage(`unknown element type ${dtype} of parameter ${name}`);
  if (shape.some((extent) => extent < 0)) throw new Damage(`parameter ${name} of shape [${shape}]`);
  const values = shape.reduce((product, extent) => product * BigInt(extent), BigInt(bytes));
  const begin = position + 8 + length;
  return { dtype, shape, start: begin, end: window.skip(begin, values, name) };
}

function expectVersion(version: number, name: string): void {
  if (version !== 0) throw new Damage(`version ${version} of parameter ${name} where 0 belongs`);
}

/** Some programs declare a scalar as [] and store it as [1], so dimensions of 1 are ignored. */
function fits(declared: readonly number[], stored: readonly number[]): boolean {
  if (declared.includes(-1)) return true;
  const [wanted, found] = [declared, stored].map((shape) => shape.filter((extent) => extent !== 1));
  return String(wanted) === String(found);
}

/** Reads parts of a file through one small buffer. */
class FileWindow {
  private readonly buffer = Buffer.allocUnsafe(16_384);
  private start = 0;
  private length = 0;

  constructor(
    private readonly file: FileHandle,
    private readonly size: number,
  ) {}

  /** The bytes at a position; valid until the next read. */
  async read(position: number, bytes: number, name: string): Promise<Buffer> {
    if (position + bytes > this.size) throw this.cutOff(name);
    if (position < this.start || position + bytes > this.start + this.length) await this.load(position);
    const from = position - this.start;
    if (from + bytes > this.length) throw this.cutOff(name);
    return this.buffer.subarray(from, from + bytes);
  }

  /** The position after a number of bytes, which must exist. */
  skip(position: number, bytes: bigint, name: string): number {
    const left = this.size - position;
    if (bytes > BigInt(Math.max(left, 0))) {
      throw new Damage(`${left} bytes left where parameter ${name} takes ${bytes}`);
    }
    return position + Number(bytes);
  }

  private async load(position: number): Promise<void> {
    const { bytesRead } = await this.file.read(this.buffer, 0, this.buffer.length, position);
    this.start = position;
    this.length = bytesRead;
  }

  private cutOff(name: string): Damage {
    return new Damage(`the end of the file within parameter ${name}`);
  }
}
