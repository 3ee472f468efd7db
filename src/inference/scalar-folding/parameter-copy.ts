import { chmod, copyFile, type FileHandle, open, stat } from '../../files/fs';
import { checkParameterStream, type StoredTensor } from '../program-check/parameter-stream';
import type { ParameterSlot } from '../program-check/program-desc';
import type { Weights } from './folded-weights';

const float32 = 5;

/** A copy of a parameter file in which some parameters change; only these are in memory. */
export class ParameterCopy implements Weights {
  private readonly changed = new Map<string, Float32Array>();

  private constructor(
    private readonly file: FileHandle,
    private readonly stored: ReadonlyMap<string, StoredTensor>,
  ) {}

  /** @throws Damage */
  static async create(from: string, to: string, slots: readonly ParameterSlot[]): Promise<ParameterCopy> {
    await copyFile(from, to);
    // The original may be write-protected, and so would be the copy.
    await chmod(to, 0o600);
    const file = await open(to, 'r+');
    try {
      const tensors = await checkParameterStream(file, (await stat(to)).size, slots);
      return new ParameterCopy(file, new Map(slots.map(({ name }, i) => [name, tensors[i]!])));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The values of a parameter; changes of the array are written by `save`. Empty if they are not float32. */
  async get(name: string): Promise<Float32Array> {
    const known = this.changed.get(name);
    if (known !== undefined) return known;
    const tensor = this.stored.get(name);
    const bytes = new Uint8Array(tensor?.dtype === float32 ? tensor.end - tensor.start : 0);
    await this.file.read(bytes, 0, bytes.length, tensor?.start ?? 0);
    const values = new Float32Array(bytes.buffer);
    this.changed.set(name, values);
    return values;
  }

  /** Writes the changed values; false, and nothing is written, if some are not finite. */
  async save(): Promise<boolean> {
    for (const values of this.changed.values()) {
      if (values.length === 0 || !values.every(Number.isFinite)) return false;
    }
    for (const [name, values] of this.changed) {
      const bytes = new Uint8Array(values.buffer);
      await this.file.write(bytes, 0, bytes.length, this.stored.get(name)!.start);
    }
    return true;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
