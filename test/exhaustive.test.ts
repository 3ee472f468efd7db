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
  expect(switches.flatMap(([, defaults]) => defaults).length).toBeGreaterThan(10);
});

test('no code matches a kind by a part of its name', () => {
  const looking = files.filter((file) =>
    /\.includes\('detection'\)/.test(readFileSync(path.join(source, file), 'utf8')),
  );
  expect(looking).toEqual([]);
});
