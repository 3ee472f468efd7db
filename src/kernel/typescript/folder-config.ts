import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { createPathsMatcher, parseTsconfig } from 'get-tsconfig';
import { messageOf, PaddleLabError } from '../../errors';
import { existsSync } from '../../files/fs';
import { findTypeScript, isFile } from '../modules/find-typescript';
import { OWN_NAME } from '../own-name';
import type { EmitOptions } from './emit';

/** Not declarations. */
const TYPESCRIPT = /(?<!\.d)\.[cm]?tsx?$/;
const CONFIG = 'tsconfig.json';
/** JSX as text, where the folder names no other runtime and has no React. */
const OWN_JSX = `${OWN_NAME}/dist/notebook`;
const EXTENSIONS = ['', '.js', '.mjs', '.cjs', '.json', '/index.js', '/index.mjs', '/index.cjs'];

type Config = ReturnType<typeof parseTsconfig>;
type Options = NonNullable<Config['compilerOptions']>;

/** What the `tsconfig.json` in the notebook's folder says about how code runs. */
export class FolderConfig {
  readonly emit: EmitOptions;
  /** Compiler options that take the place of the folder's own. */
  readonly instead: Readonly<Record<string, string>>;
  /** `paths` with full names. */
  readonly paths: Readonly<Record<string, string[]>>;
  private readonly resolver: NodeJS.Require;
  private readonly match: ((specifier: string) => string[]) | null;

  constructor(
    private readonly folder: string,
    config: Config = {},
  ) {
    const options = config.compilerOptions ?? {};
    this.resolver = createRequire(path.join(folder, CONFIG));
    this.match = createPathsMatcher({ path: path.join(folder, CONFIG), config });
    const hasOwnJsx = options.jsx !== undefined && !namesJsx(options) && this.resolved('react') === undefined;
    this.emit = emitOptions(options, hasOwnJsx);
    this.instead = hasOwnJsx ? { jsx: 'react-jsx', jsxImportSource: OWN_JSX } : {};
    this.paths = fullPaths(folder, options);
  }

  /** The user's file that a specifier means by `paths`, or as a package of the same repository; else the specifier. */
  locate(specifier: string): string {
    if (isPlace(specifier)) return specifier;
    for (const each of this.match?.(specifier) ?? []) {
      const found = findTypeScript(this.folder, each) ?? EXTENSIONS.map((end) => each + end).find(isFile);
      if (found !== undefined) return found;
    }
    return this.linkedFile(specifier) ?? specifier;
  }

  /** The names of files, perhaps without extensions, that `locate` may give. */
  candidates(specifier: string): string[] {
    if (isPlace(specifier)) return [];
    const linked = this.linkedFile(specifier);
    return [...(this.match?.(specifier) ?? []), ...(linked === undefined ? [] : [linked])];
  }

  /** The TypeScript file that a package consists of if it is a link to a folder of the user's. */
  private linkedFile(specifier: string): string | undefined {
    const file = isBuiltin(specifier) ? undefined : this.resolved(specifier);
    return file !== undefined && TYPESCRIPT.test(file) && !file.includes('/node_modules/') ? file : undefined;
  }

  private resolved(specifier: string): string | undefined {
    try {
      return this.resolver.resolve(specifier);
    } catch {
      // Whatever loads the module reports that there is none.
      return undefined;
    }
  }
}

function isPlace(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier);
}

/** @throws PaddleLabError INVALID_ARGUMENT if the file, or one that it extends, can't be read */
export function readFolderConfig(folder: string): FolderConfig {
  const file = path.join(folder, CONFIG);
  if (!existsSync(file)) return new FolderConfig(folder);
  try {
    return new FolderConfig(folder, parseTsconfig(file));
  } catch (error) {
    throw new PaddleLabError('INVALID_ARGUMENT', `Can't read ${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** Whether a configuration says what JSX is compiled to. */
function namesJsx({ jsxImportSource, jsxFactory, reactNamespace }: Options): boolean {
  return (jsxImportSource ?? jsxFactory ?? reactNamespace) !== undefined;
}

function emitOptions(options: Options, hasOwnJsx: boolean): EmitOptions {
  const { jsx, reactNamespace = 'React' } = options;
  return {
    language: jsx === undefined ? 'ts' : 'tsx',
    legacyDecorators: options.experimentalDecorators === true,
    decoratorMetadata: options.emitDecoratorMetadata === true,
    defineFields: options.useDefineForClassFields ?? true,
    jsx: {
      isAutomatic: hasOwnJsx || (jsx !== undefined && jsx !== 'react'),
      factory: options.jsxFactory ?? `${reactNamespace}.createElement`,
      fragment: options.jsxFragmentFactory ?? `${reactNamespace}.Fragment`,
      source: options.jsxImportSource ?? (hasOwnJsx ? OWN_JSX : 'react'),
    },
    commonJs: false,
  };
}

/** For a configuration in another place; the compiler no longer follows `baseUrl` by itself. */
function fullPaths(folder: string, options: Options): Record<string, string[]> {
  const base = options.baseUrl === undefined ? undefined : path.resolve(folder, options.baseUrl);
  // The folder of the file that has `paths`, if that is an extended one.
  const [symbol] = Object.getOwnPropertySymbols(options);
  const origin: unknown = symbol === undefined ? undefined : Reflect.get(options, symbol);
  const from = base ?? (typeof origin === 'string' ? origin : folder);
  const paths = Object.entries(options.paths ?? {}).map(([name, places]): [string, string[]] => [
    name,
    places.map((place) => path.resolve(from, place)),
  ]);
  const rest: Record<string, string[]> = base === undefined ? {} : { '*': [path.join(base, '*')] };
  return { ...rest, ...Object.fromEntries(paths) };
}
