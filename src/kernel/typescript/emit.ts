import type * as Swc from '@swc/core';
import { languageOfNode } from './node-libraries';

export interface EmitOptions {
  language: 'ts' | 'tsx';
  /** Whether decorators are those of `experimentalDecorators`. */
  legacyDecorators: boolean;
  /** Whether these get the types of what they decorate. */
  decoratorMetadata: boolean;
  /** Whether fields of classes are defined rather than assigned. */
  defineFields: boolean;
  jsx: JsxOptions;
  /** Whether `import` becomes `require`, as in a file of the user's. */
  commonJs: boolean;
}

/** What JSX is compiled to. */
export interface JsxOptions {
  /** Whether calls of functions that are imported from `source`, rather than of those named below. */
  isAutomatic: boolean;
  factory: string;
  fragment: string;
  source: string;
}

export interface Emitted {
  code: string;
  /** The source map as JSON. */
  map: string;
}

/** Why there is no JavaScript, and the place from zero. */
export interface EmitProblem {
  message: string;
  line: number;
  column: number;
}

let swc: typeof Swc | undefined;

/** Compiles TypeScript to JavaScript that this Node runs, without checking it. */
export function emit(source: string, file: string, options: EmitOptions): Emitted | EmitProblem {
  swc ??= require('@swc/core') as typeof Swc;
  try {
    const { code, map } = swc.transformSync(source, swcOptions(file, options));
    return { code, map: map ?? '' };
  } catch (error) {
    const problem = error instanceof Error ? problemOf(error.message) : undefined;
    if (problem === undefined) throw error;
    return problem;
  }
}

/** Its errors are drawings for a terminal, with a stack below. */
function problemOf(text: string): EmitProblem | undefined {
  const [, message, line, column] = /^\s*[x×] (.+)\n\s*(?:,-|╭─)\[.*:(\d+):(\d+)\]/.exec(text) ?? [];
  return message === undefined ? undefined : { message, line: Number(line) - 1, column: Number(column) - 1 };
}

function swcOptions(file: string, options: EmitOptions): Swc.Options {
  const { legacyDecorators, jsx } = options;
  return {
    // Its extension decides whether it may have JSX.
    filename: file.replace(/\.ts$/, `.${options.language}`),
    sourceMaps: true,
    configFile: false,
    swcrc: false,
    isModule: true,
    ...(options.commonJs ? { module: { type: 'commonjs', importInterop: 'node' } } : {}),
    jsc: {
      target: languageOfNode(),
      parser: { syntax: 'typescript', tsx: options.language === 'tsx', decorators: true },
      transform: {
        legacyDecorator: legacyDecorators,
        decoratorMetadata: legacyDecorators && options.decoratorMetadata,
        ...(legacyDecorators ? {} : { decoratorVersion: '2022-03' }),
        useDefineForClassFields: options.defineFields,
        react: jsx.isAutomatic
          ? { runtime: 'automatic', importSource: jsx.source }
          : { runtime: 'classic', pragma: jsx.factory, pragmaFrag: jsx.fragment },
      },
    },
  };
}
