// Draws the pictures of docs/annotators.md: `npm run build && node docs/annotator-pictures.mjs`.
// The photographs are those of scikit-image's data folder: NASA's portrait of Eileen Collins (public domain), and a cup of coffee by
// Rachel Michetti (CC0). Their objects were outlined by hand.
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const { decodeImage, encodeRle, ObjectHistory, visualize } = require(root);
const sharp = require('sharp');
const folder = path.join(root, 'docs/images/annotators');

export const photographs = {
  astronaut: {
    size: { width: 512, height: 512 },
    objects: [
      ['person', 0.97, [155, 106, 175, 48, 225, 16, 276, 29, 302, 77, 294, 128, 276, 165, 285, 195, 320, 250, 350, 285, 368, 330,
        320, 350, 285, 390, 278, 511, 64, 511, 66, 390, 62, 310, 90, 260, 118, 235, 125, 185, 152, 160]],
      ['helmet', 0.91, ellipse(385, 430, 107, 88)],
      ['flag', 0.84, [0, 0, 150, 0, 150, 150, 112, 185, 60, 320, 0, 340]],
      ['shuttle', 0.79, [393, 40, 405, 0, 432, 0, 447, 60, 450, 190, 462, 280, 372, 280, 390, 200]],
    ],
    joints: [[222, 132], [242, 112], [203, 112], [275, 118], [172, 122], [318, 285], [108, 278], [350, 400], [72, 400], [300, 470],
      [150, 470], [265, 480], [150, 480], [262, 600], [150, 600], [262, 700], [150, 700]],
  },
  coffee: {
    size: { width: 600, height: 400 },
    objects: [
      ['cup', 0.96, [172, 102, 190, 50, 230, 27, 286, 18, 350, 28, 394, 57, 417, 95, 408, 160, 385, 225, 345, 265, 262, 275, 240, 300,
        205, 305, 195, 270, 210, 240, 184, 165]],
      ['saucer', 0.88, ellipse(277, 218, 202, 176)],
      ['spoon', 0.81, [322, 262, 335, 240, 365, 238, 395, 262, 398, 298, 372, 326, 342, 318, 325, 290]],
    ],
  },
};

/** The corners of a polygon close to an ellipse. */
function ellipse(x, y, across, down) {
  return Array.from({ length: 64 }, (_, index) => [
    x + across * Math.cos((index / 32) * Math.PI),
    y + down * Math.sin((index / 32) * Math.PI),
  ]).flat();
}

/** The pixels inside a polygon, as a mask. */
async function maskOf(corners, { width, height }) {
  const points = corners.map((value, index) => `${value}${index % 2 === 0 ? ',' : ' '}`).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><polygon points="${points}" fill="#fff"/></svg>`;
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().greyscale().raw().toBuffer({ resolveWithObject: true });
  const inside = Uint8Array.from({ length: width * height }, (_, index) => Number(data[index * info.channels] > 127));
  return encodeRle({ width, height, data: inside });
}

/** The corners of a box that is turned by 12 degrees around its centre. */
function turned([x1, y1, x2, y2]) {
  const [cos, sin] = [Math.cos(Math.PI / 15), Math.sin(Math.PI / 15)];
  const [x, y, w, h] = [(x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / 2, (y2 - y1) / 2];
  const corners = [[-w, -h], [w, -h], [w, h], [-w, h]];
  return corners.flatMap(([dx, dy]) => [x + cos * dx - sin * dy, y + sin * dx + cos * dy]);
}

function boxOf(corners, { width, height }) {
  const [xs, ys] = [0, 1].map((axis) => corners.filter((_, index) => index % 2 === axis));
  return [Math.max(0, Math.min(...xs)), Math.max(0, Math.min(...ys)), Math.min(width, Math.max(...xs)), Math.min(height, Math.max(...ys))];
}

/** A photograph with its objects as results: boxes, masks, joints, pixels of classes. */
export async function openPhotograph(name) {
  const { size, objects, joints } = photographs[name];
  const image = await decodeImage(path.join(folder, `${name}.jpg`));
  const timings = { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 };
  const base = { image: size, threshold: 0, labels: objects.map(([label]) => label), timings };
  const detections = await Promise.all(
    objects.map(async ([label, score, corners], classId) => ({
      ...{ classId, label, score, trackId: classId + 1 },
      ...{ box: boxOf(corners, size), mask: await maskOf(corners, size), corners },
    })),
  );
  const people = [{ score: 0.9, box: detections[0].box, keypoints: (joints ?? []).map(([x, y]) => ({ x, y, score: y < size.height ? 0.9 : 0 })) }];
  return {
    image,
    masks: { ...base, kind: 'instance-segmentation', detections: detections.map(({ corners, ...item }) => item) },
    boxes: { ...base, kind: 'detection', detections: detections.map(({ corners, mask, ...item }) => item) },
    rotated: {
      ...base,
      kind: 'rotated-detection',
      detections: detections.map(({ mask, ...item }) => ({ ...item, corners: turned(item.box) })),
    },
    people: { ...base, kind: 'keypoints', people },
    segments: {
      ...base,
      kind: 'semantic-segmentation',
      segments: detections.map(({ classId, label, mask }) => ({ classId, label, mask, area: 1, fraction: 0.1 })),
    },
    classes: {
      ...base,
      kind: 'classification',
      classes: [0.86, 0.09, 0.04].map((score, classId) => ({ classId, label: base.labels[classId], score })),
    },
  };
}

/** For each annotator: the photograph, the kind of its result, the annotators. */
const pictures = {
  box: ['coffee', 'boxes', ['box']],
  roundedBox: ['coffee', 'boxes', ['roundedBox']],
  cornerBox: ['coffee', 'boxes', ['cornerBox']],
  rotatedBox: ['coffee', 'rotated', ['rotatedBox']],
  circle: ['coffee', 'boxes', ['circle']],
  ellipse: ['coffee', 'boxes', ['ellipse']],
  dot: ['coffee', 'boxes', ['dot']],
  triangle: ['coffee', 'boxes', ['triangle']],
  percentageBar: ['coffee', 'boxes', ['box', 'percentageBar']],
  mask: ['coffee', 'masks', ['mask']],
  contour: ['coffee', 'masks', ['contour']],
  polygon: ['coffee', 'masks', [{ kind: 'polygon', tolerance: 3 }]],
  segmentation: ['coffee', 'segments', ['segmentation']],
  halo: ['coffee', 'masks', [{ kind: 'halo', radius: 10 }]],
  background: ['coffee', 'masks', ['background']],
  blur: ['astronaut', 'masks', ['blur']],
  pixelate: ['astronaut', 'boxes', ['pixelate']],
  cropInset: ['astronaut', 'boxes', [{ kind: 'cropInset', count: 1, zoom: 1.3 }]],
  skeleton: ['astronaut', 'people', ['skeleton']],
  label: ['coffee', 'boxes', ['box', { kind: 'label', text: ['track', 'name', 'score'], crowded: 'omit' }]],
  text: ['coffee', 'boxes', [{ kind: 'text', background: 0.7 }]],
  legend: ['coffee', 'masks', ['mask', 'legend']],
  topClasses: ['coffee', 'classes', ['topClasses']],
  heatMap: ['coffee', 'boxes', [{ kind: 'heatMap', values: hill() }]],
  zone: ['coffee', 'boxes', ['box', { kind: 'zone', points: [[20, 250], [560, 220], [590, 380], [30, 390]], label: '2 on the table' }]],
  line: ['coffee', 'boxes', ['box', { kind: 'line', from: [30, 360], to: [570, 60], in: 12, out: 4 }]],
};

function hill() {
  const data = Float32Array.from({ length: 60 * 40 }, (_, index) => Math.exp(-(((index % 60) - 29) ** 2 + (Math.floor(index / 60) - 12) ** 2) / 90));
  return { width: 60, height: 40, data };
}

/** The objects move over the frames of a history, and are drawn in the last. */
async function drawOverTime(kind, { image, boxes }) {
  const history = new ObjectHistory({ frames: 40 });
  let picture;
  for (let frame = 0; frame <= 30; frame++) {
    const detections = boxes.detections.map((item, index) => {
      const [dx, dy] = [(frame - 30) * (6 - 3 * index), 25 * Math.sin(frame / 5 + index) - 25 * Math.sin(6 + index)];
      return { ...item, box: item.box.map((value, side) => value + (side % 2 === 0 ? dx : dy)) };
    });
    picture = await visualize(image, { ...boxes, detections }, { annotators: [{ kind, history }, 'box'] });
  }
  return picture;
}

/** At the width of the page's columns. */
async function save(picture, name) {
  await picture.toSharp().resize({ width: 480 }).webp({ quality: 80 }).toFile(path.join(folder, `${name}.webp`));
}

async function main() {
  const opened = { astronaut: await openPhotograph('astronaut'), coffee: await openPhotograph('coffee') };
  for (const [name, [photograph, kind, annotators]] of Object.entries(pictures)) {
    const { image, [kind]: result } = opened[photograph];
    await save(await visualize(image, result, { annotators }), name);
  }
  for (const name of ['trace', 'heatOverTime']) {
    await save(await drawOverTime(name, opened.coffee), name);
  }
}

if (process.argv[1] === import.meta.filename) await main();
