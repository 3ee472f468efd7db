// One measurement of this library; the request is an argument, the result goes to stdout.
'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');
const lab = require(path.resolve(__dirname, '../..'));

const job = JSON.parse(process.argv[2]);

async function create() {
  const config = new lab.Config(job.program, job.params);
  config.disableGpu();
  config.setCpuMathLibraryNumThreads(job.threads);
  if (job.engine === 'plain') config.disableOnednn();
  if (job.engine === 'onednn') config.enableOnednn();
  if (job.engine === 'openvino') config.enableOpenvinoEngine();
  return lab.createPredictor(config, { runtime: job.runtime });
}

function makeInputs() {
  const inputs = {};
  for (const [name, shape] of Object.entries(job.shapes)) {
    const count = shape.reduce((product, extent) => product * extent, 1);
    inputs[name] = { shape, data: new Float32Array(count).fill(name === 'scale_factor' ? 1 : 0.5) };
  }
  return inputs;
}

async function measure() {
  const predictor = await create();
  const inputs = makeInputs();
  const first = await predictor.run(inputs);
  if (job.kind === 'first') {
    const peak = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
    return { outputs: first.length, peakMiB: Number(peak) / 1024 };
  }
  for (let i = 0; i < job.warmup; i++) await predictor.run(inputs);
  const times = [];
  for (let i = 0; i < job.runs; i++) {
    const before = performance.now();
    for (let j = 0; j < job.calls; j++) await predictor.run(inputs);
    times.push((performance.now() - before) / job.calls);
  }
  return { times };
}

measure().then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0)));
