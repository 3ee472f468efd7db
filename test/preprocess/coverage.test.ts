import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { expect, test } from 'vitest';
import { type OperatorFamily, operators } from '../../src/preprocess/operators';
import { projectRoot } from '../helpers/project';
import { operatorCases } from './operator-cases';

const file = path.join(projectRoot, 'src/preprocess/README.md');

/** The operators covered by the golden vectors of the demo models, by family. */
const golden: Record<OperatorFamily, readonly string[]> = {
  'PaddleDetection 1.x': ['Resize', 'Normalize', 'Permute', 'PadStride'],
  'PaddleDetection 2.x': ['Resize', 'NormalizeImage', 'Permute', 'PadStride'],
  PaddleSeg: ['Resize', 'Normalize'],
  PaddleClas: ['ResizeImage', 'CropImage', 'NormalizeImage', 'ToCHWImage'],
  'PaddleX detection': [],
  'PaddleX segmentation': [],
  'PaddleX classification': [],
  'PaddleOCR classification': [],
  'PaddleOCR detection': [],
  'PaddleOCR recognition': [],
  'PaddleOCR tables': [],
};

/** The operators of a family's cases, with the number of chains that contain them. */
function countCases(family: OperatorFamily): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of operatorCases.filter((candidate) => candidate.family === family)) {
    const items = load(row.operators, { schema: YAML11_SCHEMA }) as Record<string, unknown>[];
    const names = items.map((item) => (item.type as string | undefined) ?? (Object.keys(item)[0] as string));
    for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function table(family: OperatorFamily): string {
  const counts = countCases(family);
  const rows = operators[family].map(({ type, keys }) => {
    if (keys === 'any') return `| \`${type}\` | refused: for training only | |`;
    const vectors = golden[family].includes(type) ? 'yes' : '';
    return `| \`${type}\` | ${counts.get(type) ?? 0} | ${vectors} |`;
  });
  return [`## ${family}`, '', '| operator | chains | golden vectors |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function readme(): string {
  const families = Object.keys(operators) as OperatorFamily[];
  return [
    '# Preprocessing operators',
    '',
    'Written by `test/preprocess/coverage.test.ts`; `UPDATE_DOCS=1 npm test -- test/preprocess` updates it.',
    '',
    '*Chains*: the number of operator lists in which the operator is compared with a Python counterpart of the deploy',
    'scripts, each on pictures of several sizes (`test/preprocess/operator-cases.ts`). *Golden vectors*: compared with the',
    'network inputs that the deploy scripts themselves produced for a demo model. An `inference.yml` is read as in PaddleX if',
    'it names a PaddleX model (`Global.model_name`), otherwise as in the toolkit whose keys it has.',
    '',
    ...families.map(table),
  ].join('\n');
}

test('every operator that models can be run with is tested', () => {
  for (const family of Object.keys(operators) as OperatorFamily[]) {
    const counts = countCases(family);
    const untested = operators[family].filter(({ type, keys }) => keys !== 'any' && !counts.has(type));
    expect(untested).toEqual([]);
  }
});

test('the table of operators is up to date', async () => {
  if (process.env.UPDATE_DOCS === '1') await writeFile(file, readme());
  expect(await readFile(file, 'utf8')).toBe(readme());
});
