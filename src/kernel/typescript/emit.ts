import type * as Swc from '@swc/core';

export interface EmitOptions {
  language: 'ts' | 'tsx';
  /** Whether decorators are those of `experimentalDecorators`, with `emitDecoratorMetadata`. */
  legacyDecorators: boolean;
  /** Whether `import` becomes `require`, as in a file of the user's. */
  commonJs: boolean;
}

export interface Emitted {
  code: string;
  /** The source map as JSON. */
  map: string;
}

let swc: typeof Swc | undefined;

/** Compiles TypeScript to JavaScript that this Node runs, without checking it. */
export function emit(source: string, file: string, options: EmitOptions): Emitted {
  swc ??= require('@swc/core') as typeof Swc;
  const isJsx = options.language === 'tsx';
  const { code, map } = swc.transformSync(source, {
    filename: file,
    sourceMaps: true,
    configFile: false,
    swcrc: false,
    isModule: true,
    ...(options.commonJs ? { module: { type: 'commonjs', importInterop: 'node' } } : {}),
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: isJsx, decorators: true },
      transform: {
        legacyDecorator: options.legacyDecorators,
        decoratorMetadata: options.legacyDecorators,
        ...(options.legacyDecorators ? {} : { decoratorVersion: '2022-03' }),
        useDefineForClassFields: true,
      },
    },
  });
  return { code, map: map ?? '' };
}
