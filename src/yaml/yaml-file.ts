import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { readFile } from '../files/fs';
import { describeValue } from '../validate';
import { loadJsYaml } from './load-js-yaml';
import { type Key, lineOfKeys } from './yaml-lines';

/** Enough for any exported configuration; a larger file is an attack or a mistake. */
const maximumBytes = 16 * 2 ** 20;

/** Maximum number of values, counting those behind an alias at every use. */
const maximumValues = 1e6;

/** A value in a YAML file and its position, so that every error names the file, the line and the key path. */
export class YamlNode {
  constructor(
    private readonly document: YamlDocument,
    private readonly keys: readonly Key[],
    readonly value: unknown,
  ) {}

  /** The member of a mapping; `undefined` if absent or null. */
  get(key: string): YamlNode | undefined {
    const value = this.mapping()[key];
    return value === undefined || value === null ? undefined : new YamlNode(this.document, [...this.keys, key], value);
  }

  /** The value of a key; an error names the file and the place if it is missing. */
  require(key: string): YamlNode {
    const node = this.get(key);
    if (node === undefined) throw this.error(`Expected key "${key}" but it is missing`);
    return node;
  }

  /** The mapping under a key; an empty one if the key has no value, as in `- ToCHWImage:`. */
  options(key: string): YamlNode {
    return this.get(key) ?? new YamlNode(this.document, [...this.keys, key], {});
  }

  /** The value, which must be a mapping. */
  mapping(): Record<string, unknown> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.expected('mapping');
    return value as Record<string, unknown>;
  }

  /** The items of the value, which must be a list. */
  list(): YamlNode[] {
    if (!Array.isArray(this.value)) throw this.expected('list');
    return this.value.map((item, index) => new YamlNode(this.document, [...this.keys, index], item));
  }

  /** The value, which must be a string. */
  string(): string {
    if (typeof this.value !== 'string') throw this.expected('string');
    return this.value;
  }

  /** A label: text even if it looks like a number, as in the scripts. */
  label(): string {
    if (typeof this.value === 'object' && this.value !== null) throw this.expected('label');
    return String(this.value);
  }

  /** The value, which must be a number in this range. */
  number(minimum = -1e9, maximum = 1e9): number {
    const { value } = this;
    if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) {
      throw this.expected(`number from ${minimum} to ${maximum}`);
    }
    return value;
  }

  /** The value, which must be an integer in this range. */
  integer(minimum: number, maximum: number): number {
    const value = this.number(minimum, maximum);
    if (!Number.isInteger(value)) throw this.expected('integer');
    return value;
  }

  /** Paddle's exporters write booleans; hand-written files also have 0 and 1. */
  boolean(): boolean {
    if (this.value === 0 || this.value === 1) return this.value === 1;
    if (typeof this.value !== 'boolean') throw this.expected('boolean');
    return this.value;
  }

  /** The error for a value that is something else than expected, with file, key path and line. */
  expected(what: string): PaddleLabError {
    return this.error(`Expected ${what} but received ${describeValue(this.value)}`);
  }

  /** An error with file, key path and line of this value. */
  error(
    text: string,
    code: 'CONFIG_INVALID' | 'MODEL_UNSUPPORTED' | 'DATASET_INVALID' = 'CONFIG_INVALID',
  ): PaddleLabError {
    const line = this.document.lineOf(this.keys);
    const where = this.keys.length === 0 ? '' : ` ${showKeys(this.keys)}:`;
    return new PaddleLabError(code, `${this.document.file}:${line}:${where} ${text}`);
  }
}

/** Reads a YAML file like PyYAML (YAML 1.1), and returns its root node. */
export async function readYaml(file: string): Promise<YamlNode> {
  const bytes = await readFile(file);
  if (bytes.length > maximumBytes) {
    throw new PaddleLabError('CONFIG_INVALID', `${file}: Expected a YAML file of at most 16 MiB`);
  }
  return parseYaml(bytes.toString('utf8'), file);
}

/** The root node of YAML text; `file` is its name in errors. */
export function parseYaml(text: string, file: string): YamlNode {
  const { load, YAML11_SCHEMA, YAMLException } = loadJsYaml();
  try {
    // Aliases occur in exported files, but never many; the limit protects against a YAML bomb.
    const value = load(text, { filename: path.basename(file), schema: YAML11_SCHEMA, maxAliases: 100 });
    if (unfoldedSize(value) > maximumValues) throw new Error('its aliases unfold to more than a million values');
    return new YamlNode(new YamlDocument(file, text), [], value);
  } catch (error) {
    const reason = error instanceof YAMLException ? error.reason : messageOf(error);
    const line = error instanceof YAMLException ? (error.mark?.line ?? 0) + 1 : 1;
    throw new PaddleLabError('CONFIG_INVALID', `${file}:${line}: Expected YAML but ${reason}`, { cause: error });
  }
}

/** The number of values if every alias is expanded; infinite for a circular alias. */
function unfoldedSize(value: unknown, known: Map<object, number> = new Map()): number {
  if (typeof value !== 'object' || value === null) return 1;
  const found = known.get(value);
  if (found !== undefined) return found;
  known.set(value, Number.POSITIVE_INFINITY);
  const size = Object.values(value).reduce<number>((sum, item) => sum + unfoldedSize(item, known), 1);
  known.set(value, size);
  return size;
}

/** The text of a YAML file and the lines of its keys, which are only computed for an error. */
class YamlDocument {
  constructor(
    readonly file: string,
    private readonly text: string,
  ) {}

  lineOf(keys: readonly Key[]): number {
    return lineOfKeys(this.text, keys);
  }
}

function showKeys(keys: readonly Key[]): string {
  return keys.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}
