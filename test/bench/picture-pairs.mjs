// Draws the pairs of docs/beside-supervision.md: the same photographs and objects by this library (left) and by supervision with OpenCV
// (right), each with its defaults: `npm run build && node test/bench/picture-pairs.mjs [PYTHON]`. PYTHON has supervision 0.31 and
// opencv-python-headless; default: the environment that visualize.mjs makes.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { openPhotograph } from '../../docs/annotator-pictures.mjs';

const here = import.meta.dirname;
const root = path.resolve(here, '../..');
const require = createRequire(import.meta.url);
const { decodeRle, visualize } = require(root);
const sharp = require('sharp');
const python = process.argv[2] ?? path.join(root, '.cache/python-supervision/bin/python');
const target = path.join(root, 'docs/images/pairs');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'paddlelab-pairs-'));

/** For each pair: our annotators; those of supervision are in picture-pairs.py. */
const pairs = {
  box: ['box', 'label'],
  roundedBox: ['roundedBox', 'label'],
  mask: ['mask'],
  'mask-box-label': ['mask', 'box', 'label'],
  polygon: ['contour'],
  halo: ['halo'],
  background: ['background'],
  pixelate: ['pixelate'],
  ellipse: ['ellipse', 'triangle'],
  percentageBar: ['percentageBar', 'dot'],
};

mkdirSync(target, { recursive: true });
try {
  for (const photograph of ['coffee', 'astronaut']) {
    const { image, masks } = await openPhotograph(photograph);
    const { width, height } = image;
    writeFileSync(path.join(scratch, 'image.rgb'), image.data);
    for (const [index, { mask }] of masks.detections.entries())
      writeFileSync(path.join(scratch, `mask-${index}`), decodeRle(mask).data);
    const objects = masks.detections.map(({ mask, ...item }) => item);
    writeFileSync(
      path.join(scratch, 'objects.json'),
      JSON.stringify({ width, height, objects, pairs: Object.keys(pairs) }),
    );
    const { status } = spawnSync(python, [path.join(here, 'picture-pairs.py'), scratch], { stdio: 'inherit' });
    if (status !== 0) throw new Error('supervision did not draw; see above');
    for (const [name, annotators] of Object.entries(pairs)) {
      const ours = await (await visualize(image, masks, { annotators })).toBuffer();
      await sharp({ create: { width: 2 * width + 8, height, channels: 3, background: '#ffffff' } })
        .composite([
          { input: ours, left: 0, top: 0 },
          { input: path.join(scratch, `${name}.png`), left: width + 8, top: 0 },
        ])
        .webp({ quality: 82 })
        .toFile(path.join(target, `${photograph}-${name}.webp`));
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}
