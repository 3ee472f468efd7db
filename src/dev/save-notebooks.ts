import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../errors';
import { packageRoot } from '../package-root';
import { runNotebook } from './run-notebook';

/** Runs every notebook and saves it with its outputs; `npm run notebooks`. */
export async function main(): Promise<void> {
  const root = packageRoot();
  const folder = path.join(root, 'notebooks');
  const outDir = path.join(root, 'out');
  try {
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.ipynb'))) {
      const { notebook } = await runNotebook(path.join(folder, name), { outDir });
      await copyFile(notebook, path.join(folder, name));
      await savePicture(notebook, path.join(folder, 'images', name.replace(/\.ipynb$/, '.png')));
    }
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

interface Notebook {
  cells: { outputs?: { data?: Record<string, string | string[]> }[] }[];
}

/** The first picture of a notebook, where the README shows it. */
async function savePicture(notebook: string, target: string): Promise<void> {
  if (!existsSync(target)) return;
  const { cells } = JSON.parse(await readFile(notebook, 'utf8')) as Notebook;
  const pictures = cells.flatMap((cell) => cell.outputs ?? []).map((output) => output.data?.['image/png']);
  const first = pictures.find((picture) => picture !== undefined);
  if (first !== undefined) await writeFile(target, Buffer.from([first].flat().join(''), 'base64'));
}
