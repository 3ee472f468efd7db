import { spawn } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { distFile } from '../../src/package-root';
import { makeFolder } from '../helpers/folders';
import { demoModel, type ProcessResult, projectRoot, runProcess } from '../helpers/project';

const detector = demoModel('shapes_det_picodet');
const scenes = path.join(projectRoot, 'notebooks/data/val.coco.json');
const engine = ['--engine', 'plain', '--cpu-threads', '1'];
const program = [distFile('cli/main.js'), 'evaluate'];

function evaluate(...args: string[]): Promise<ProcessResult> {
  return runProcess(process.execPath, [...program, ...args]);
}

describe('paddlelab evaluate', () => {
  test('prints the figures and writes the report, the charts and the worst images', async () => {
    const output = makeFolder();
    const args = [detector, scenes, '--limit', '6', '--output-dir', output, ...engine];
    const { code, stdout, stderr } = await evaluate(...args);
    expect(stderr).toContain(`Wrote the report into ${output}`);
    expect(stdout).toMatch(/^shapes_det_picodet on .+ \(coco, 6 images\): AP \d+\.\d\d/);
    expect(stdout).toMatch(/^AP50 +\d+\.\d\d +average precision at an overlap of 0\.5$/m);
    expect(code).toBe(0);
    expect((await readdir(output)).sort()).toEqual([
      '.paddlelab-evaluate.jsonl',
      ...['confusion.png', 'evaluation.json', 'evaluation.md', 'precision-recall.png', 'worst.png'],
    ]);
    const json = JSON.parse(await readFile(path.join(output, 'evaluation.json'), 'utf8'));
    expect(json.facts.evaluated).toBe(6);

    const again = await evaluate(...args);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/already exists; use --overwrite to replace it, --resume to continue/);
    const replaced = await evaluate(...args, '--overwrite', '--json');
    expect(JSON.parse(replaced.stdout).figures).toEqual(json.figures);
    expect(replaced.code).toBe(0);
  });

  test('counts and names what it leaves out, and says so by its exit code', async () => {
    const folder = makeFolder();
    const content = JSON.parse(await readFile(scenes, 'utf8'));
    const images = content.images.slice(0, 3);
    const [kept, gone] = images.map(({ id }: { id: number }) => id);
    const annotations = content.annotations.filter(({ image_id }: { image_id: number }) => image_id <= images[2].id);
    annotations[0].segmentation = [[1, 2, 3]];
    await writeFile(path.join(folder, 'scenes.json'), JSON.stringify({ ...content, images, annotations }));
    for (const { id, file_name } of images) {
      if (id === gone) continue;
      await mkdir(path.dirname(path.join(folder, file_name)), { recursive: true });
      await copyFile(path.join(projectRoot, 'notebooks/data', file_name), path.join(folder, file_name));
    }
    expect(kept).not.toBe(gone);
    const { code, stdout } = await evaluate(
      ...[detector, path.join(folder, 'scenes.json'), '--output-dir', path.join(folder, 'out'), ...engine],
    );
    expect(stdout).toMatch(/⚠ images left out: 1\n {2}.+\.png.+/);
    expect(stdout).toMatch(/⚠ true objects left out: 1\n {2}.+scenes\.json, annotations\[0\]\.segmentation: Expected/);
    expect(code).toBe(3);
  });

  test('refuses classes that the model lacks, unless they are mapped', async () => {
    const folder = makeFolder();
    const renamed = path.join(folder, 'renamed.json');
    await writeFile(renamed, (await readFile(scenes, 'utf8')).replace('"name":"circle"', '"name":"disc"'));
    const images = path.join(projectRoot, 'notebooks/data');
    const args = [detector, renamed, '--images', images, '--limit', '2', ...engine, '--output-dir', folder];
    const refused = await evaluate(...args);
    expect(refused.stderr).toMatch(/error \[DATASET_INVALID\]: Expected the classes of .+ but it has also disc/);
    expect(refused.code).toBe(1);
    expect((await evaluate(...args, '--map', 'disc=circle')).code).toBe(0);
  });

  test('ends cleanly on Ctrl-C, and goes on with --resume', async () => {
    const output = makeFolder();
    const args = [detector, scenes, '--output-dir', output, ...engine];
    const child = spawn(process.execPath, [...program, ...args], { cwd: projectRoot });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const journal = path.join(output, '.paddlelab-evaluate.jsonl');
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    // Interrupted once a few images are recorded.
    for (;;) {
      const lines = await readFile(journal, 'utf8').then(
        (text) => text.split('\n').length,
        () => 0,
      );
      if (lines > 4) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(stderr).toMatch(
      /Interrupted\. \d+ of 16 images are finished and kept\. To resume:\n {2}(npx )?paddlelab evaluate .+ --resume/,
    );
    const { code, stdout } = await evaluate(...args, '--resume');
    expect(stdout).toMatch(/\(coco, 16 images\): AP/);
    expect(code).toBe(0);
  });
});

describe('paddlelab evaluate ocr', () => {
  test('reads pages from pixels to text; flags for its networks are refused with other models', async () => {
    const folder = makeFolder();
    await copyFile(path.join(projectRoot, 'notebooks/images/page.png'), path.join(folder, 'page.png'));
    const points = [
      [6, 12],
      [292, 12],
      [292, 33],
      [6, 33],
    ];
    const labels = path.join(folder, 'Label.txt');
    await writeFile(labels, `page.png\t${JSON.stringify([{ transcription: 'Region-based segmentation', points }])}\n`);
    const output = path.join(folder, 'out');
    const args = [labels, '--output-dir', output, '--preset', 'paddlex', ...engine];
    const { code, stdout, stderr } = await evaluate('ocr', ...args);
    expect(stderr).toContain(`Wrote the report into ${output}`);
    expect(stdout).toMatch(
      /^PP-OCRv4_mobile_det \+ PP-OCRv4_mobile_rec on .+ \(text-regions, 1 images\): hmean \d+\.\d\d/,
    );
    expect(stdout).toMatch(/^recall +100\.00 /m);
    expect(code).toBe(0);
    const wrong = await evaluate(detector, ...args, '--overwrite');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('Expected the model ocr for --preset but received');
  });
});
