// Prints a digest of what each native kernel makes of the same made-up inputs: `node arm64-kernels.cjs ADDON`. Run with the
// addons of two processors, the lines have to be the same.
'use strict';

const { createHash } = require('node:crypto');

const addon = require(process.argv[2]);

let state = 1;
function random() {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const whole = (most) => Math.floor(random() * most);
const bytes = (count) => Uint8Array.from({ length: count }, () => whole(256));
const floats = (count, scale = 1) => Float32Array.from({ length: count }, () => random() * scale);

function print(name, value) {
  const data = ArrayBuffer.isView(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : JSON.stringify(value);
  console.log(`${name} ${createHash('sha256').update(data).digest('hex').slice(0, 16)}`);
}

async function pass(
  name,
  source,
  geometry,
  { arithmetic = [], planes = false, asBytes = source.data instanceof Uint8Array } = {},
) {
  const { width, height } = geometry;
  const samples = width * height * source.channels;
  const target = asBytes ? new Uint8Array(samples) : new Float32Array(samples);
  const order = Array.from({ length: source.channels }, (_, i) => source.channels - 1 - i);
  const map = { order, arithmetic, width, height, left: 0, top: 0, fill: order.map(() => 0), planes, bytes: asBytes };
  await addon.runPasses(source, [{ geometry, map }], target);
  print(name, target);
}

async function passes() {
  for (const channels of [1, 3, 4]) {
    for (const make of [bytes, (count) => floats(count, 255)]) {
      const [width, height] = [37 + whole(60), 29 + whole(60)];
      const source = { data: make(width * height * channels), width, height, channels };
      const type = source.data.constructor.name;
      for (const [w, h] of [
        [64, 48],
        [width, height],
        [2 * width, 2 * height],
        [width >> 1, height >> 1],
        [13, 91],
      ]) {
        const size = { width: w, height: h };
        const steps = { stepX: width / w, stepY: height / h };
        for (const interpolation of [0, 1, 2, 3, 4]) {
          await pass(`resize ${type} ${channels} ${w}x${h} ${interpolation}`, source, {
            kind: 'resize',
            interpolation,
            ...steps,
            ...size,
          });
        }
        if (type === 'Uint8Array') {
          for (const filter of [0, 1, 2, 3, 4, 5]) {
            await pass(`pillow ${channels} ${w}x${h} ${filter}`, source, { kind: 'pillow', filter, ...size });
          }
        }
      }
      const matrix = [0.9, -0.2, 3.5, 0.15, 1.1, -2.25];
      await pass(`warp ${type} ${channels}`, source, { kind: 'warp', matrix, width: 50, height: 40 });
      const arithmetic = ['multiply', 'subtract', 'divide', 'add'].flatMap((kind) =>
        [true, false].map((double) => ({
          kind,
          double,
          values: Array.from({ length: channels }, () => 0.3 + random()),
        })),
      );
      const plain = { kind: 'none', width, height };
      await pass(`arithmetic ${type} ${channels}`, source, plain, { arithmetic, planes: true, asBytes: false });
    }
  }
}

async function masks() {
  const image = [60, 80];
  const half = floats(3 * 60 * 80).map((value) => (value > 0.5 ? 1 : 0));
  print(
    'encodeMasks',
    await addon.encodeMasks({
      masks: half,
      indices: Uint32Array.of(0, 2),
      size: [60, 80],
      image,
      visible: new Int32Array(0),
    }),
  );
  const boxes = Float32Array.of(3.2, 4.7, 50.1, 40.9, 20, 10, 79, 59);
  const squares = { probabilities: floats(2 * 28 * 28), side: 28, indices: Uint32Array.of(0, 1), boxes, image };
  print('pasteMasks', await addon.pasteMasks(squares));
  const labels = BigInt64Array.from({ length: 60 * 80 }, () => BigInt(whole(5)));
  print(
    'encodeLabels',
    await addon.encodeLabels({ labels, channels: 0, size: [60, 80], content: [60, 80], image: [120, 100] }),
  );
  const maps = floats(4 * 60 * 80);
  print(
    'encodeLabels of maps',
    await addon.encodeLabels({ labels: maps, channels: 4, size: [60, 80], content: [50, 70], image: [120, 100] }),
  );
}

async function numbers() {
  const target = new Float32Array(5 * 400);
  print(
    'toProbabilities count',
    await addon.toProbabilities({ maps: floats(5 * 400, 12), target, classes: 5, tolerance: 1e-3 }),
  );
  // exp is the C library's own, which may differ in the last bit between processors.
  print(
    'toProbabilities',
    target.map((value) => Math.round(value * 1e5)),
  );
  print('filterRows', await addon.filterRows(bytes(40 * 30), 40, 30, 3));
  const points = Float64Array.from({ length: 40 }, () => random() * 90);
  print('rasterizePath', addon.rasterizePath(points, Uint32Array.of(10, 20), 100, 90));
}

passes()
  .then(masks)
  .then(numbers)
  .then(() => addon.shutdown());
