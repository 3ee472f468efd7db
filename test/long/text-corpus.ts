import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../helpers/folders';
import { projectRoot, runProcess } from '../helpers/project';
import { ensurePythonOcr, pythonEnvironment } from './python-paddle';

/** What a pipeline read. */
export interface ReadLine {
  readonly text: string;
  readonly score: number;
}

type Corner = readonly [x: number, y: number];

/** A line that RapidOCR cut out. */
export interface CorpusCrop {
  /** In the picture that was searched. */
  readonly corners: readonly Corner[];
  readonly size: readonly [width: number, height: number];
  /** SHA-256 of its RGB pixels, before it was turned. */
  readonly pixels: string;
  readonly orientation: { readonly label: string; readonly score: number };
  /** The same of the crop turned by 180°. */
  readonly upsideDown: { readonly label: string; readonly score: number };
  /** Whether it was then turned by 180°. */
  readonly turned: boolean;
  /** SHA-256 of PaddleX's float32 tensor. */
  readonly tensor: string;
  readonly rapidocr: ReadLine;
  readonly paddlex: ReadLine;
}

/** An image of the corpus; `text-corpus.py` describes the fields. */
export interface CorpusImage {
  readonly image: string;
  readonly size: readonly [width: number, height: number];
  readonly processed?: string;
  readonly detected: readonly { readonly box: readonly Corner[]; readonly score: number }[];
  readonly crops: readonly CorpusCrop[];
  readonly lines: readonly (ReadLine & { readonly box: readonly Corner[] })[];
  readonly written?: readonly string[];
}

export interface Corpus {
  readonly folder: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly images: readonly CorpusImage[];
}

/** Of RapidOCR. */
const batchSize = 6;

/**
 * The lines whose batch, and with it their padding and score, differs between processors: RapidOCR sorts lines by their
 * ratio, and which of two equal ones is the last of a batch depends on the instructions that NumPy's sort uses.
 */
export function cropsInTies(crops: readonly CorpusCrop[]): Set<CorpusCrop> {
  const ratioOf = ({ size: [width, height] }: CorpusCrop): number => width / height;
  const ratios = crops.map(ratioOf).sort((a, b) => a - b);
  const ties = new Set(ratios.filter((ratio, i) => i > 0 && i % batchSize === 0 && ratio === ratios[i - 1]));
  return new Set(crops.filter((crop) => ties.has(ratioOf(crop))));
}

const count = 320;

/**
 * The pictures and what Python read in them; made anew, unless PADDLELAB_TEXT_CORPUS names a folder with them.
 * PADDLELAB_FONTS: folders with more fonts. Undefined, with a printed note, if Python lacks something.
 */
export async function ensureCorpus(): Promise<Corpus | undefined> {
  const kept = process.env.PADDLELAB_TEXT_CORPUS;
  const folder = kept ?? makeFolder();
  const file = path.join(folder, 'corpus.json');
  if (!existsSync(file)) {
    const python = await ensurePythonOcr();
    if (python === undefined) return undefined;
    const script = path.join(projectRoot, 'test/long/text-corpus.py');
    const fonts = [path.join(projectRoot, 'src/drawing/fonts'), process.env.PADDLELAB_FONTS ?? []].flat().join(':');
    const { code, stderr } = await runProcess(python, [script, folder, fonts, `${count}`], pythonEnvironment());
    if (code !== 0) throw new Error(stderr);
  }
  return { folder, ...(JSON.parse(await readFile(file, 'utf8')) as Omit<Corpus, 'folder'>) };
}
