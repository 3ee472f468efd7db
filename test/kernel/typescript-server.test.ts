import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LanguageServer, serverProgram } from '../../src/kernel/typescript/language-server';
import { CONFIG_NAME, programConfig } from '../../src/kernel/typescript/options';
import { makeFolder } from '../helpers/folders';

// What the kernel relies on in TypeScript's language server beyond the protocol. If a new version of TypeScript breaks
// one of these, the message names it.

const require = createRequire(__filename);

let folder: string;
let server: LanguageServer;

beforeEach(() => {
  folder = makeFolder();
  server = new LanguageServer(folder, { customConfigFileName: CONFIG_NAME, disableAutomaticTypeAcquisition: true });
  server.start();
});
afterEach(() => server.close());

function file(name: string): string {
  return path.join(folder, name);
}

function configure(...files: string[]): void {
  server.write(
    file(CONFIG_NAME),
    programConfig(folder, files.map(file), new Map(), { paths: {}, instead: {} }),
    'plaintext',
  );
}

async function errors(name: string): Promise<unknown[]> {
  const report = await server.request<{ items: { severity: number; code: number }[] }>('textDocument/diagnostic', {
    textDocument: { uri: server.uriOf(file(name)) },
  });
  return report.items.filter(({ severity }) => severity === 1).map(({ code }) => code);
}

function seam(name: string): string {
  return `the use of TypeScript's server "${name}" does not hold any more`;
}

describe("TypeScript's server", () => {
  test('is of the version that the kernel was written for, and pinned', () => {
    const { version } = require('typescript-7/package.json');
    const { dependencies } = require('../../package.json');
    expect(version, seam('version')).toBe('7.0.2');
    expect(dependencies['typescript-7'], seam('version')).toBe(`npm:typescript@${version}`);
    expect(serverProgram(), seam('program')).toMatch(/typescript-.*lib\/tsc$/);
  });

  test('takes the configuration from a document under the name that its settings give', async () => {
    configure('a.ts');
    server.write(file('a.ts'), 'const n: number = null; const s = [1].toSorted(); document; export {};');
    // Null checks are off, Node's library is on, the browser's is not.
    expect(await errors('a.ts'), seam('customConfigFileName, open configuration')).toEqual([2584]);
  });

  test("puts the folder's own configuration before the defaults", async () => {
    writeFileSync(file('tsconfig.json'), '{ "compilerOptions": { "strict": true } }');
    configure('a.ts');
    server.write(file('a.ts'), 'const n: number = null; export {};');
    expect(await errors('a.ts'), seam('extends')).toEqual([2322]);
  });

  test('shows a module to others through a global namespace, with its values, types and namespaces', async () => {
    configure('a.ts', 'b.ts');
    const member = "import * as self from './a'; declare global { namespace __cells { export import a = self; } }";
    const source =
      'export let n = 0; export class P<T> { x: T } export enum E { A } export namespace N { export type S = string }';
    server.write(file('a.ts'), `${source} export const one = 1; ${member}`);
    const uses = 'import P = __cells.a.P; import E = __cells.a.E; import N = __cells.a.N; import one = __cells.a.one;';
    const right =
      "declare let n: typeof __cells.a.n; n = 5; new P<number>().x = E.A; const s: N.S = 'a'; let m = one; m = 2;";
    server.write(file('b.ts'), `${uses}${right} export {};`);
    expect(await errors('b.ts'), seam('namespace of modules')).toEqual([]);
    server.write(
      file('b.ts'),
      `${uses} declare let n: typeof __cells.a.n; n = ''; new P<number>().x = ''; one = 5; export {};`,
    );
    expect(await errors('b.ts'), seam('namespace of modules')).toEqual([2322, 2322, 2632]);
  });

  test('infers types that can not be named from outside of their module', async () => {
    const home = file('node_modules/secretive');
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, 'package.json'), '{ "name": "secretive", "types": "index.d.ts" }');
    const types = 'declare const key: unique symbol; interface Hidden { [key]: 1; x: number }';
    writeFileSync(path.join(home, 'index.d.ts'), `${types} export function make(): Hidden;`);
    configure('a.ts', 'b.ts');
    const member = "import * as self from './a'; declare global { namespace __cells { export import a = self; } }";
    server.write(file('a.ts'), `import { make } from 'secretive'; export const made = make(); ${member}`);
    server.write(file('b.ts'), 'import made = __cells.a.made; made.x.toFixed(); made.y; export {};');
    expect(await errors('b.ts'), seam('types of source')).toEqual([2339]);
  });

  test('sees a document and a file when they change', async () => {
    configure('a.ts');
    writeFileSync(file('part.ts'), 'export const n: number = 1;');
    server.write(file('a.ts'), "import { n } from './part'; n.trim(); export {};");
    expect(await errors('a.ts')).toEqual([2339]);
    writeFileSync(file('part.ts'), "export const n: string = '';");
    server.filesChanged([{ file: file('part.ts'), type: 2 }]);
    expect(await errors('a.ts'), seam('didChangeWatchedFiles')).toEqual([]);
    rmSync(file('part.ts'));
    server.filesChanged([{ file: file('part.ts'), type: 3 }]);
    expect(await errors('a.ts'), seam('didChangeWatchedFiles')).toEqual([2307]);
  });

  test('checks a file of the program that is not open, and reads JSX in one that is', async () => {
    configure('a.ts', 'b.tsx');
    writeFileSync(file('part.ts'), "export const n: number = '';");
    server.write(file('a.ts'), "import { n } from './part'; n; export {};");
    expect(await errors('a.ts')).toEqual([]);
    expect(await errors('part.ts'), seam('diagnostics of files on disk')).toEqual([2322]);
    server.write(file('b.tsx'), 'declare const a: number; a < 1; <T,>(x: T) => x; export {};');
    expect(await errors('b.tsx'), seam('languageId typescriptreact')).toEqual([]);
  });

  test('marks hints with tags, and candidates for an import with their module', async () => {
    writeFileSync(file('part.ts'), 'export const partOfAll = 1;');
    configure('a.ts');
    const uses = "import './part'; export function f() { const spare = 1; }\npartOf";
    server.write(file('a.ts'), uses);
    const textDocument = { uri: server.uriOf(file('a.ts')) };
    const report = await server.request<{ items: { tags?: number[] }[] }>('textDocument/diagnostic', { textDocument });
    expect(
      report.items.flatMap(({ tags }) => tags ?? []),
      seam('tags'),
    ).toEqual([1]);
    const found = await server.request<{ items: { label: string; data?: object }[] }>('textDocument/completion', {
      textDocument,
      position: { line: 1, character: 6 },
    });
    const candidate = found.items.find(({ label }) => label === 'partOfAll');
    expect(candidate?.data, seam('autoImport')).toMatchObject({ autoImport: { moduleSpecifier: './part' } });
  });

  test('is replaced when it is killed, with its documents, and still answers', async () => {
    configure('a.ts');
    server.write(file('a.ts'), "const n: number = ''; export {};");
    expect(await errors('a.ts')).toEqual([2322]);
    const { pid } = server;
    process.kill(pid ?? 0, 'SIGKILL');
    expect(await errors('a.ts')).toEqual([2322]);
    expect(server.pid).not.toBe(pid);
  });

  test('is an error of each request, with advice, if its program is missing or can not be started', async () => {
    const missing = new LanguageServer(folder, {}, () => require.resolve('@typescript/no-such-platform'));
    missing.start();
    for (let round = 0; round < 2; round += 1) {
      const advice = expect.stringMatching(/is missing: install the package again .* or use %typescript tslab/);
      await expect(missing.request('a', {})).rejects.toMatchObject({ code: 'TOOL_FAILED', message: advice });
    }
    const broken = new LanguageServer(folder, {}, () => file('none'));
    for (let round = 0; round < 2; round += 1) {
      await expect(broken.request('a', {})).rejects.toMatchObject({
        message: expect.stringContaining("can't be started"),
      });
    }
  });

  test('gives up a request that ends it again and again, and goes on', async () => {
    configure('a.ts');
    server.write(file('a.ts'), 'export {};');
    const answer = errors('a.ts');
    const killer = setInterval(() => server.pid !== undefined && process.kill(server.pid, 'SIGKILL'), 0);
    await expect(answer).rejects.toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('again') });
    clearInterval(killer);
    expect(await errors('a.ts')).toEqual([]);
  });
});
