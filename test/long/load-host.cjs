// Loads the requested models one after the other in one process, like a notebook's kernel.
'use strict';

const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const lab = require(path.resolve(__dirname, '../..'));

async function load({ program, params, engine, runtime, threads = 1, inputs, save }) {
  const config = new lab.Config(program, params);
  config.disableGpu();
  config.setCpuMathLibraryNumThreads(threads);
  if (engine === 'plain') config.disableOnednn();
  if (engine === 'onednn') config.enableOnednn();
  if (engine === 'openvino') config.enableOpenvinoEngine();
  const predictor = await lab.createPredictor(config, { runtime });
  try {
    const feeds = {};
    for (const port of predictor.inputs) feeds[port.name] = inputs ? readInput(port, inputs) : makeInput(port);
    const outputs = await predictor.run(feeds);
    return { kind: 'works', outputs: outputs.map((output, i) => describe(output, save && `${save}.${i}`)) };
  } finally {
    await predictor.dispose();
  }
}

/** Files are float32; sizes are integers, and a few models require int32. */
function readInput({ name, dtype }, inputs) {
  const { shape, file } = inputs[name];
  const data = new Float32Array(Uint8Array.from(readFileSync(file)).buffer);
  return { shape, data: dtype === 'int32' ? Int32Array.from(data) : data };
}

const arrays = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array };

function makeInput({ dtype, shape }) {
  const known = shape.map((extent, axis) => (extent > 0 ? extent : axis === 0 ? 1 : 64));
  const count = known.reduce((product, extent) => product * extent, 1);
  const data = new (arrays[dtype] ?? Float32Array)(count);
  if (dtype === 'float32') data.fill(0.5);
  return { shape: known, data };
}

function describe({ dtype, shape, data }, file) {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (file) writeFileSync(file, bytes);
  return { dtype, shape, digest: createHash('sha256').update(bytes).digest('hex') };
}

process.on('message', (request) => {
  load(request)
    .catch((error) => ({
      kind: 'error',
      code: error.code,
      coded: error instanceof lab.PaddleLabError,
      message: error.message,
    }))
    .then((answer) => process.send(answer));
});
process.once('disconnect', () => process.exit());
