import path from 'node:path';
import { writeTextAtomically } from '../files/atomic-file';
import { readFile } from '../files/fs';
import { downloadFailed } from '../http/download-failed';
import { modelsFolder } from './store';

/** The SHA-256 of each file, by its source and name. */
type Pins = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The digests of a model's first download, beside the models: a later download must have the same files. */
export class PinnedDigests {
  private constructor(
    private readonly file: string,
    private readonly model: string,
    private pins: Pins,
  ) {}

  static async read(model: string, environment: NodeJS.ProcessEnv): Promise<PinnedDigests> {
    const file = path.join(modelsFolder(environment), '.pins', `${model}.json`);
    const text = await readFile(file, 'utf8').catch(() => '{}');
    try {
      return new PinnedDigests(file, model, checked(JSON.parse(text)));
    } catch (error) {
      throw downloadFailed(`${file} is damaged; remove it to accept the next download as the first one`, error);
    }
  }

  /**
   * Checks files against those of the first download from this source, and notes them if it is the first.
   *
   * @param replace notes them without a check
   * @throws PaddleLabError DOWNLOAD_FAILED
   */
  async check(source: string, digests: Readonly<Record<string, string>>, replace: boolean): Promise<void> {
    const known = this.pins[source] ?? {};
    for (const [name, digest] of Object.entries(digests)) {
      const pinned = known[name];
      if (replace || pinned === undefined || pinned === digest) continue;
      throw downloadFailed(
        `Expected SHA-256 ${pinned} for ${name} of ${this.model}, as in the first download from ${source}, but received ` +
          `${digest}. The file was not kept. If a new version was published, accept it with ` +
          `\`paddlelab models pull ${this.model} --update\``,
      );
    }
    this.pins = { ...this.pins, [source]: replace ? digests : { ...known, ...digests } };
    await writeTextAtomically(this.file, `${JSON.stringify(this.pins, undefined, 2)}\n`);
  }
}

function checked(content: unknown): Pins {
  if (isObject(content) && Object.values(content).every(isObject)) return content as Pins;
  throw new TypeError('no table of digests by source and file');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
