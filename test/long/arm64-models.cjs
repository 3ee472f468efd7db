// Prints what the demo models find in an image, as JSON: `node arm64-models.cjs PACKAGE MODELS PIXELS [RUNTIME]`, where PIXELS is
// a JSON file with width, height and the bytes of RGB in base64.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const [, , folder, models, pixels, runtime] = process.argv;
const lab = require(path.join(folder, 'dist'));
const { width, height, base64 } = JSON.parse(fs.readFileSync(pixels, 'utf8'));
const image = { width, height, channels: 3, data: new Uint8Array(Buffer.from(base64, 'base64')) };

async function main() {
  const results = {};
  for (const name of ['shapes_cls_mbv3s', 'shapes_det_picodet', 'shapes_ins_maskrcnn', 'shapes_seg_ppliteseg']) {
    const options = { engine: 'plain', trial: false, ...(runtime && { runtime }) };
    const model = await lab.loadModel(path.join(models, name), options);
    const { classes, detections, segments } = await lab.predict(model, image);
    results[name] = { library: model.runtime.library, classes, detections, segments };
    await model.dispose();
  }
  console.log(JSON.stringify(results));
}

main();
