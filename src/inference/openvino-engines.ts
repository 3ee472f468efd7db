import path from 'node:path';
import { readFile, symlink, writeFile } from '../files/fs';
import { TemporaryFolder } from '../temporary-folder';
import { EditableProgram } from './scalar-folding/editable-program';
import { ProgramGraph } from './scalar-folding/program-graph';

/**
 * Paddle 3.0 to 3.3 keeps OpenVINO's engines in one table for the process, by a key that it makes of the names in the
 * program and of the order in which they lie in memory. A second predictor of the same program, or of one with the same
 * names, can get the key of the first, whose engine is then destroyed while it is in use. So each predictor but the first
 * gets a program with names of its own.
 */
const inUse = new Set<number>();

/** Values that are renamed: several, because Paddle may remove some when it optimises the program. */
const renamedValues = 64;

interface OwnProgram {
  readonly program: string;
  readonly params: string;
  readonly folder: TemporaryFolder;
}

/** The place of a predictor with the OpenVINO engine among those of this process. */
export class OpenvinoEngine {
  private constructor(private readonly place: number) {}

  static claim(): OpenvinoEngine {
    let place = 0;
    while (inUse.has(place)) place++;
    inUse.add(place);
    return new OpenvinoEngine(place);
  }

  /**
   * A temporary program with other names of values; undefined for the first predictor, and for programs with control flow,
   * which OpenVINO does not run.
   */
  async ownProgram(source: { readonly program: string; readonly params: string }): Promise<OwnProgram | undefined> {
    if (this.place === 0) return undefined;
    const bytes = renameValues(await readFile(source.program), this.place);
    if (bytes === undefined) return undefined;
    const folder = TemporaryFolder.create('model');
    // OpenVINO looks for the parameters beside the program.
    const [program, params] = ['pdmodel', 'pdiparams'].map((type) => path.join(folder.path, `model.${type}`));
    await writeFile(program as string, bytes);
    await symlink(path.resolve(source.params), params as string);
    return { program: program as string, params: params as string, folder };
  }

  release(): void {
    inUse.delete(this.place);
  }
}

/** The program with other names of the same length, so that nothing else in it changes. */
function renameValues(program: Buffer, place: number): Buffer | undefined {
  const editable = EditableProgram.read(program);
  if (editable === undefined) return undefined;
  const graph = new ProgramGraph(editable);
  const between = editable.operators.filter(({ type }) => type !== 'feed' && type !== 'fetch');
  const values = between
    .flatMap(({ outputs }) => [...outputs.values()].flat())
    .filter((name) => graph.isValue(name) && graph.onlyReader(name) !== undefined)
    .filter((name) => graph.onlyReader(name)?.type !== 'fetch' && graph.writer(name)?.type !== 'feed');
  const names = new Set(editable.variables.keys());
  const renamed = Buffer.from(program);
  const step = Math.max(1, Math.ceil(values.length / renamedValues));
  for (let i = 0; i < values.length; i += step) {
    const name = values[i] as string;
    const other = sameLength(name, place);
    if (other !== undefined && !names.has(other)) replaceAll(renamed, name, other);
  }
  return renamed;
}

/** `conv2d_0.tmp_0` → `~1nv2d_0.tmp_0`; undefined for a name that is too short. */
function sameLength(name: string, place: number): string | undefined {
  const mark = `~${place.toString(36)}`;
  return /^[\x20-\x7e]+$/.test(name) && name.length > mark.length && name.length < 128
    ? `${mark}${name.slice(mark.length)}`
    : undefined;
}

/** Replaces a whole name: in protobuf, its length stands before it. */
function replaceAll(bytes: Buffer, name: string, other: string): void {
  const wanted = Buffer.concat([Buffer.from([name.length]), Buffer.from(name)]);
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1))
    bytes.write(other, at + 1, 'latin1');
}
