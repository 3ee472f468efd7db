import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './helpers/project';

/**
 * The folders of `src/`, and its files beside them, from the lowest layer to the highest: each imports only from those
 * before it and from itself, types too. A new folder is a line here.
 */
const layers = [
  ...[
    'text',
    'errors',
    'files',
    'package-root',
    'optional-package',
    'validate',
    'options',
    'yaml',
    'temporary-folder',
    'display',
    'processes',
    'http',
    'package-index',
  ],
  ...[
    'runtime',
    'native',
    'inference',
    'open-inference',
    'results',
    'hub',
    'image',
    'agreement',
    'tracking',
    'objects',
    'zones',
    'fonts',
    'drawing',
  ],
  ...['datasets', 'metrics', 'spec', 'preprocess', 'postprocess', 'tasks', 'layouts', 'model-io', 'backends', 'model'],
  ...[
    'visualize',
    'predict',
    'ocr',
    'pipelines',
    'chain',
    'plot',
    'notebook',
    'ground-truth',
    'results-coco',
    'read-results',
    'video',
    'evaluate',
    'compare',
    'onnx',
    'infer',
    'serve',
  ],
  ...['index', 'kernel', 'repl', 'cli', 'dev'],
];

const source = path.join(projectRoot, 'src');
const modules = readdirSync(source, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

/** The imports of each module from `src/`, including types and lazy imports. */
const imports = new Map(modules.map((module) => [module, importsOf(module)]));

function importsOf(module: string): string[] {
  const text = readFileSync(path.join(source, `${module}.ts`), 'utf8');
  const found = text.matchAll(/(?:from\s+|import\(|require\(|import\s+)'(\.[^']*)'/g);
  return [...found].flatMap(([, target]) => {
    const wanted = path.join(path.dirname(module), target as string);
    return [wanted, path.join(wanted, 'index')].filter((candidate) => modules.includes(candidate));
  });
}

const layerOf = (module: string): string => module.split(path.sep)[0] as string;

test('every folder of src has its layer', () => {
  expect([...new Set(modules.map(layerOf))].sort()).toEqual([...layers].sort());
});

test('imports point down only', () => {
  const climbing = [...imports].flatMap(([module, targets]) =>
    targets
      .filter((target) => layers.indexOf(layerOf(target)) > layers.indexOf(layerOf(module)))
      .map((target) => `${module} → ${target}`),
  );
  expect(climbing).toEqual([]);
});

test('no module imports itself by way of others, not even a type', () => {
  const circles: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (module: string, trail: readonly string[]): void => {
    if (state.get(module) === 'done') return;
    if (state.get(module) === 'open') {
      circles.push([...trail.slice(trail.indexOf(module)), module].join(' → '));
      return;
    }
    state.set(module, 'open');
    for (const target of imports.get(module) ?? []) visit(target, [...trail, module]);
    state.set(module, 'done');
  };
  for (const module of modules) visit(module, []);
  expect(circles).toEqual([]);
});

test('the imports were found', () => {
  // Guards against a pattern that finds nothing: these imports are known to exist.
  expect(imports.get('predict/predict')).toEqual(expect.arrayContaining(['errors', 'model/model']));
  expect([...imports.values()].flat().length).toBeGreaterThan(1000);
});

test('nothing imports the commands', () => {
  const users = [...imports].filter(([module, targets]) => {
    // The bootstrap shows the same progress as the commands.
    return !['cli', 'dev'].includes(layerOf(module)) && targets.some((target) => layerOf(target) === 'cli');
  });
  expect(users.map(([module]) => module)).toEqual([]);
});
