// Runs demo models on the tensors of golden vectors: `node arm64-golden.cjs PACKAGE JOBS OUTPUT`. JOBS is a JSON file; of each job,
// the inputs that preprocessing makes and the network's outputs are written to OUTPUT as `ID.NAME.bin`.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const [, , folder, jobs, output] = process.argv;
const lab = require(path.join(folder, 'dist'));

const toFloats = (base64) => new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
const write = (name, { data }) =>
  fs.writeFileSync(path.join(output, `${name}.bin`), Buffer.from(data.buffer, data.byteOffset, data.byteLength));

async function main() {
  for (const { id, model: name, image, inputs } of JSON.parse(fs.readFileSync(jobs, 'utf8'))) {
    const model = await lab.loadModel(name, { engine: 'plain', threads: 1, trial: false });
    const pixels = { ...image, channels: 3, data: new Uint8Array(Buffer.from(image.base64, 'base64')) };
    const prepared = await model.preprocess(pixels);
    for (const [input, tensor] of Object.entries(prepared.inputs)) write(`${id}.in_${input}`, tensor);
    const feeds = Object.entries(inputs).map(([input, { shape, base64 }]) => [
      input,
      { shape, data: toFloats(base64) },
    ]);
    const outputs = await model.predictor.run(Object.fromEntries(feeds));
    for (const [i, tensor] of outputs.entries()) write(`${id}.out${i}`, tensor);
    await model.dispose();
  }
}

main();
