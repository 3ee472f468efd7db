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
  // The sign and payload of a NaN are the processor's own.
  if (value instanceof Float32Array) value = value.map((number) => (Number.isNaN(number) ? Number.NaN : number));
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

/** Values that processors convert to integers in different ways unless the code says how. */
async function extremes() {
  const odd = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    1e30,
    -1e30,
    2 ** 31,
    -0,
    255.5,
    -0.5,
    0.5,
  ];
  const [width, height] = [24, 20];
  const data = Float32Array.from({ length: width * height * 3 }, (_, i) =>
    i % 7 === 0 ? odd[whole(odd.length)] : random() * 300,
  );
  const source = { data, width, height, channels: 3 };
  for (const asBytes of [true, false]) {
    const to = asBytes ? 'bytes' : 'floats';
    const size = { width: 31, height: 17 };
    const steps = { stepX: width / size.width, stepY: height / size.height };
    await pass(`odd values to ${to}`, source, { kind: 'none', width, height }, { asBytes });
    for (const interpolation of [0, 1, 2, 3, 4]) {
      await pass(
        `odd values ${interpolation} to ${to}`,
        source,
        { kind: 'resize', interpolation, ...steps, ...size },
        { asBytes },
      );
    }
  }
  const labels = Float32Array.from({ length: 60 * 80 }, (_, i) => (i % 5 === 0 ? odd[whole(odd.length)] : whole(4)));
  const sizes = { size: [60, 80], content: [60, 80], image: [60, 80] };
  print('encodeLabels of odd values', await addon.encodeLabels({ labels, channels: 0, ...sizes }));
}

async function joints() {
  const [count, cells, dimensions] = [4, 32 * 24, 2];
  const heat = floats(count * cells);
  const tags = floats(count * cells * dimensions, 9);
  const centres = Float64Array.from({ length: 3 * dimensions }, () => random() * 9);
  const job = { heat, tags, joints: count, dimensions, wanted: Uint32Array.of(0, 3, 1), centres };
  print('findJoints', await addon.findJoints(job));
}

async function runLengths(width, height, share) {
  const masks = floats(width * height).map((value) => (value < share ? 1 : 0));
  const job = {
    masks,
    indices: Uint32Array.of(0),
    size: [height, width],
    image: [height, width],
    visible: new Int32Array(0),
  };
  const [{ counts }] = await addon.encodeMasks(job);
  return counts;
}

/** The operations of `src/drawing/display-list.ts`, by their codes there. */
async function drawings() {
  const [width, height] = [90, 70];
  const points = (count) => [count, ...Array.from({ length: 2 * count }, () => random() * 110 - 10)];
  const color = [200, 30, 90, 140];
  const place = [-5, 8, 60, 50];
  const tables = bytes(2 * 768 * 2);
  const layer = bytes(60 * 50 * 4);
  const coverage = bytes(60 * 50);
  const heat = floats(12 * 10, 3).fill(Number.NaN, 3, 6);
  const colors = bytes(256 * 4);
  const strings = [await runLengths(width, height, 0.5), await runLengths(width, height, 0.02)];
  const operations = {
    rectangle: [1, ...place, ...color],
    path: [2, ...color, 2, ...points(9), ...points(5)],
    'open stroke': [3, ...color, 3.7, 0, ...points(6)],
    'closed stroke': [3, ...color, 0.6, 1, ...points(6)],
    mask: [4, 0, 0, 0],
    outline: [4, 1, 0, 1],
    coverage: [5, 2, ...place, ...color],
    layer: [6, 1, ...place, 180],
    blur: [7, -1, ...place, 5],
    'blurred mask': [7, 1, 0, 0, width, height, 3],
    pixelate: [8, -1, ...place, 7],
    'heat map': [9, 3, 12, 10, 0.2, 2.5, 4],
    'masks in floats': [10, 0.45, 2, 0, 255, 0, 12.5, 1, 3, 200, 99],
  };
  for (const [name, numbers] of Object.entries(operations)) {
    const target = new Uint8Array(width * height * 3);
    const buffers = [tables, layer, coverage, heat, colors];
    const source = bytes(width * height * 3);
    await addon.draw({ source, target, width, height, numbers: Float64Array.from(numbers), buffers, strings });
    if (Buffer.compare(source, target) === 0) throw new Error(`${name} draws nothing`);
    print(`draw ${name}`, target);
  }
}

/** A map of the probability of text: bars at any angle, some of them bent, with a soft edge. */
function textMap(width, height) {
  const map = new Float32Array(width * height);
  for (let n = 0; n < 5; n += 1) {
    const [x, y, angle, length, thick, bend] = [
      ...[whole(width), whole(height), random() * 3, 20 + whole(50), 5 + whole(5)],
      random() * 0.01,
    ];
    for (let i = 0; i < map.length; i += 1) {
      const [dx, dy] = [(i % width) - x, Math.floor(i / width) - y];
      const along = dx * Math.cos(angle) + dy * Math.sin(angle);
      const across = dy * Math.cos(angle) - dx * Math.sin(angle) - bend * along * along;
      const inside = Math.min(length / 2 - Math.abs(along), thick - Math.abs(across));
      map[i] = Math.max(map[i], Math.min(0.97, Math.max(0, 0.6 + inside / 3)));
    }
  }
  return map;
}

/** Finding, cutting out and decoding text. */
async function texts() {
  const [width, height] = [211, 157];
  const rules = { pixelThreshold: 0.3, boxThreshold: 0.5, maxCandidates: 1000, minSize: 3 };
  for (const unclipRatio of [1.5, 2]) {
    for (const other of [false, true]) {
      const flags = { dilation: other, slowScores: other, singleLengths: !other };
      const job = { ...rules, ...flags, unclipRatio, map: textMap(width, height), width, height };
      const { corners, scores } = await addon.findTextBoxes(job);
      if (scores.length === 0) throw new Error('no text is found');
      print(`text boxes ${unclipRatio} ${other}`, corners);
      print(`text scores ${unclipRatio} ${other}`, scores);
      const found = await addon.findTextOutlines({ ...job, slowScores: false });
      for (const [i, outline] of found.outlines.entries()) print(`text outline ${unclipRatio} ${other} ${i}`, outline);
      print(`short sides ${unclipRatio} ${other}`, await addon.shortSides(found.outlines));
    }
  }
  const data = bytes(width * height * 3);
  for (let n = 0; n < 12; n += 1) {
    const [w, h] = [20 + whole(90), 12 + whole(60)];
    const [x, y] = [whole(width - 60), whole(height - 60)];
    const jitter = () => random() * 14 - 7;
    const corners = Float32Array.of(x, y, x + w + jitter(), y + jitter(), x + w + jitter(), y + h, x + jitter(), y + h);
    const target = new Uint8Array(w * h * 3);
    const turned = Uint8Array.of(n % 2);
    await addon.cropQuadrangles({
      data,
      width,
      height,
      corners,
      sizes: Int32Array.of(w, h),
      turned,
      targets: [target],
    });
    print(`crop ${n}`, target);
    const points = Int32Array.from({ length: 14 }, () => whole(150));
    print(`smallest quad ${n}`, addon.smallestQuads(points, Uint32Array.of(7)));
  }
  const [columns, classes] = [40, 97];
  const text = await addon.decodeCtc({ probabilities: floats(columns * classes), columns, classes });
  for (const key of ['classes', 'scores', 'columns']) print(`decoded ${key}`, text[key]);
}

passes()
  .then(masks)
  .then(numbers)
  .then(extremes)
  .then(joints)
  .then(drawings)
  .then(texts)
  .then(() => addon.shutdown());
