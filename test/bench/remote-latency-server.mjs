// The demo detector behind the Open Inference Protocol, with as little around it as possible: what a client costs shows.
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { loadModel } = createRequire(import.meta.url)(root);
const model = await loadModel(process.argv[2], { engine: 'onednn', threads: 1, trial: false });
const { session } = model;
const types = { float32: 'FP32', int32: 'INT32', int64: 'INT64' };
const ports = session.inputs.map(({ name, shape }) => ({ name, shape, datatype: 'FP32' }));
const example = await run(ports.map(({ name, shape }) => ({ name, shape: shape.map((n) => Math.max(1, n)) })));
const outputs = example.map(({ name, dtype, shape }) => ({ name, datatype: types[dtype], shape: shape.map(() => -1) }));

function run(tensors) {
  const data = ({ shape, bytes }) => bytes ?? new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1);
  return session.run(Object.fromEntries(tensors.map((one) => [one.name, { shape: one.shape, data: data(one) }])));
}

async function infer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const head = Number(request.headers['inference-header-content-length']);
  let at = head;
  const tensors = JSON.parse(body.subarray(0, head).toString()).inputs.map(({ name, shape, parameters }) => {
    const start = body.byteOffset + at;
    at += parameters.binary_data_size;
    return { name, shape, bytes: new Float32Array(body.buffer.slice(start, body.byteOffset + at)) };
  });
  const found = await run(tensors);
  const parts = found.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  const described = found.map(({ name, dtype, shape }, i) => {
    return { name, datatype: types[dtype], shape, parameters: { binary_data_size: parts[i].length } };
  });
  const text = Buffer.from(JSON.stringify({ model_name: 'shapes', outputs: described }));
  response.setHeader('inference-header-content-length', text.length);
  response.end(Buffer.concat([text, ...parts]));
}

const answers = {
  '/v2': { name: 'bench', version: '1', extensions: ['binary_tensor_data'] },
  '/v2/models/shapes': { name: 'shapes', inputs: ports, outputs },
  '/v2/models/shapes/ready': {},
};
const server = http.createServer((request, response) => {
  if (request.url === '/v2/models/shapes/infer') infer(request, response);
  else response.end(JSON.stringify(answers[request.url]));
});
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
process.once('disconnect', () => process.exit());
