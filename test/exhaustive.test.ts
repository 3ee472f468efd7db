import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { projectRoot } from './helpers/project';

const source = path.join(projectRoot, 'src');
const files = readdirSync(source, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts'));

/**
 * Switches over a `kind`, and whether they have a default branch: with one, the compiler does not report a missing
 * kind.
 */
function switchesOverKind(file: string): boolean[] {
  const found: boolean[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isSwitchStatement(node) && /\bkind$/.test(node.expression.getText())) {
      found.push(node.caseBlock.clauses.some(ts.isDefaultClause));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(path.join(source, file), 'utf8'), ts.ScriptTarget.ES2022, true));
  return found;
}

test('no switch over a kind has a default branch', () => {
  const switches = files.map((file) => [file, switchesOverKind(file)] as const);
  expect(switches.filter(([, defaults]) => defaults.includes(true)).map(([file]) => file)).toEqual([]);
  expect(switches.flatMap(([, defaults]) => defaults).length).toBeGreaterThan(4);
});

test('no code matches a kind by a part of its name', () => {
  const looking = files.filter((file) =>
    /\.includes\('detection'\)/.test(readFileSync(path.join(source, file), 'utf8')),
  );
  expect(looking).toEqual([]);
});

test('only the layouts compare the names of toolkits', () => {
  const comparison = /(?:===|!==|startsWith\(|endsWith\(|includes\() ?'Paddle(?:Detection|Seg|Clas|OCR|X)/;
  const comparing = files.filter((file) => comparison.test(readFileSync(path.join(source, file), 'utf8')));
  expect(comparing.filter((file) => !file.startsWith(`layouts${path.sep}`))).toEqual([]);
  expect(comparing).not.toEqual([]);
});

test('a new task is missing in one place, and the compiler says where', () => {
  const config = ts.readConfigFile(path.join(projectRoot, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, projectRoot);
  const host = ts.createCompilerHost(options);
  const results = path.join(source, 'results.ts');
  const { readFile } = host;
  host.readFile = (file) => {
    const text = readFile(file);
    if (path.resolve(file) !== results) return text;
    return text
      ?.replace('readonly tensors: TensorsResult;', '$& readonly depth: DepthResult;')
      .concat(`export interface DepthResult extends ResultBase, Only<never> {
        readonly kind: 'depth'; readonly metres: readonly number[] }`);
  };
  const entries = ['index.ts', 'cli/main.ts', 'kernel/main.ts'].map((file) => path.join(source, file));
  const program = ts.createProgram(entries, { ...options, noEmit: true }, host);
  const missing = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${path.relative(source, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, '')}`;
  });
  expect(missing).toEqual([expect.stringMatching(/^tasks\/tasks\.ts: Property 'depth' is missing in type/)]);
}, 120_000);
