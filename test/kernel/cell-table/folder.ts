import { writeFiles } from '../../helpers/folders';

const packageJson = (content: object): string => JSON.stringify({ version: '1.0.0', ...content });

/** Files that cells of the table import: packages of each form, and files of the notebook's folder. */
const files: Readonly<Record<string, string>> = {
  'package.json': packageJson({ name: 'notebook', imports: { '#internal': './internal.ts' } }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { '@own/*': ['./own/*'] } } }),
  'internal.ts': "export const internal = 'internal';",
  'own/mapped.ts': "export const mapped = 'mapped';",
  'shapes.ts':
    'export interface Shape { side: number }\nexport const area = (shape: Shape): number => shape.side ** 2;',
  'again.ts': "export * from './shapes';\nexport type * from './shapes';",
  'numbers.ts': 'export const one = 1;\nexport const two = 2;\nexport const three = 3;',
  'effect.ts': "(globalThis as any).effect = 'loaded';",
  'module.mts': "export const kind = 'mts';",
  'common.cts': "export const kind = 'cts';",
  'inner/index.ts': "export const where = 'index';",
  'with-default.ts': "export default 'default';",
  'data.json': '{ "version": "1.2.3" }',
  'circle-a.ts': "import { b } from './circle-b';\nexport const a = 'bo';\nexport const both = () => a + b();",
  'circle-b.ts': "import { a } from './circle-a';\nexport const b = () => (a === 'bo' ? 'th' : '');",
  'module-with-odd-names.ts': "const value = 5;\nexport { value as 'a-b' };",
  'numbers-wrong.ts': "export const wrong: number = 'text';",
  'broken.ts': 'export const broken = [1, 2;',
  'fails.ts': "export function fails(): never {\n  throw new Error('from the file');\n}",
  'node_modules/cjs-package/package.json': packageJson({ name: 'cjs-package', main: 'index.js', types: 'index.d.ts' }),
  'node_modules/cjs-package/index.js': "exports.format = 'cjs';",
  'node_modules/cjs-package/index.d.ts': 'export declare const format: string;',
  'node_modules/esm-package/package.json': packageJson({
    name: 'esm-package',
    type: 'module',
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './waiting': { types: './waiting.d.ts', default: './waiting.js' },
      './hidden-type': { types: './hidden-type.d.ts', default: './hidden-type.js' },
    },
  }),
  'node_modules/esm-package/index.js': "export const format = 'esm';\nexport default 'esm default';",
  'node_modules/esm-package/index.d.ts':
    'export declare const format: string;\ndeclare const text: string;\nexport default text;',
  'node_modules/esm-package/waiting.js': "export const value = await Promise.resolve('waited');",
  'node_modules/esm-package/waiting.d.ts': 'export declare const value: string;',
  'node_modules/esm-package/hidden-type.js': 'export const create = () => ({ value: 2 });',
  'node_modules/esm-package/hidden-type.d.ts':
    "import { Inside } from 'inside-package';\nexport declare function create(): Inside;",
  'node_modules/esm-package/node_modules/inside-package/package.json': packageJson({
    name: 'inside-package',
    types: 'index.d.ts',
  }),
  'node_modules/esm-package/node_modules/inside-package/index.d.ts':
    'export interface Inside { value: number }\nexport {};',
  'node_modules/dual-package/package.json': packageJson({
    name: 'dual-package',
    exports: {
      '.': {
        import: { types: './index.d.mts', default: './index.mjs' },
        require: { types: './index.d.cts', default: './index.cjs' },
      },
      './sub': { types: './sub.d.ts', default: './sub.js' },
    },
  }),
  'node_modules/dual-package/index.mjs': "export const format = 'esm';",
  'node_modules/dual-package/index.cjs': "exports.format = 'cjs';",
  'node_modules/dual-package/index.d.mts': 'export declare const format: string;',
  'node_modules/dual-package/index.d.cts': 'export declare const format: string;',
  'node_modules/dual-package/sub.js': "exports.part = 'sub';",
  'node_modules/dual-package/sub.d.ts': 'export declare const part: string;',
  'node_modules/dual-package/hidden.js': "exports.hidden = 'hidden';",
  'node_modules/types-package/package.json': packageJson({ name: 'types-package', types: 'index.d.ts' }),
  'node_modules/types-package/index.d.ts':
    'export interface OnlyType { a: number }\nexport interface OtherType { b: number }',
  'node_modules/untyped-package/package.json': packageJson({ name: 'untyped-package', main: 'index.js' }),
  'node_modules/untyped-package/index.js': "exports.untyped = 'typed';",
  'node_modules/@types/untyped-package/package.json': packageJson({
    name: '@types/untyped-package',
    types: 'index.d.ts',
  }),
  'node_modules/@types/untyped-package/index.d.ts': 'export declare const untyped: string;',
};

/** Writes the files into a folder for a notebook. */
export function writeNotebookFolder(folder: string): void {
  writeFiles(folder, files);
}
