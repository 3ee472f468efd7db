// A custom task: circles around the objects of a detector, with every part that `registerTask` accepts.
'use strict';

const path = require('node:path');
const lab = require(path.resolve(__dirname, '../..'));

const boxOf = ({ x, y, radius }) => [x - radius, y - radius, x + radius, y + radius];
const nearest = ({ x, y }, circles) =>
  circles.reduce((best, one) => Math.min(best, Math.hypot(one.x - x, one.y - y)), Number.POSITIVE_INFINITY);

/** Draws rings, with the colours of the classes. */
const rings = (canvas, { result, style }) => {
  for (const { x, y, radius, classId } of result.content.circles) {
    canvas.circle([x, y], radius, style.color(classId), 0.4);
  }
};

lab.registerTask({
  name: 'circles',
  architectures: ['GFL'],
  read([boxes], { spec, threshold = 0.5 }) {
    const [rows] = boxes.shape;
    const circles = [];
    for (let row = 0; row < rows; row++) {
      const [classId, score, x1, y1, x2, y2] = boxes.data.subarray(row * 6, row * 6 + 6);
      if (!(score > threshold)) continue;
      const radius = Math.hypot(x2 - x1, y2 - y1) / 2;
      circles.push({ classId, label: spec.labels[classId], score, x: (x1 + x2) / 2, y: (y1 + y2) / 2, radius });
    }
    return { circles: circles.sort((a, b) => b.score - a.score) };
  },
  nouns: ['circle', 'circles'],
  found: ({ content }) => content.circles,
  objects: ({ content }, name) =>
    content.circles.map((one) => ({
      classId: one.classId,
      label: name(one.classId),
      score: one.score,
      box: boxOf(one),
    })),
  annotators: [rings, 'label'],
  table: ({ content }) => ({
    columns: ['shape', 'x', 'y', 'radius'],
    rows: content.circles.map(({ label, x, y, radius }) => [label, Math.round(x), Math.round(y), Math.round(radius)]),
    classIds: content.circles.map(({ classId }) => classId),
  }),
  csv: ({ content }) => ({
    columns: ['shape', 'x', 'y', 'radius', 'score'],
    rows: content.circles.map(({ label, x, y, radius, score }) => [label, x, y, radius, score]),
  }),
  coco: ({ content }, { imageId, categoryId }) =>
    content.circles.map(({ classId, x, y, radius, score }) => ({
      image_id: imageId,
      category_id: categoryId(classId),
      bbox: [x - radius, y - radius, 2 * radius, 2 * radius],
      score,
      area: Math.PI * radius ** 2,
    })),
  compare(baseline, { content }) {
    const expected = baseline.content.circles;
    const same =
      expected.filter((circle) => nearest(circle, content.circles) < 2).length / Math.max(1, expected.length);
    return { kind: 'own', same, maxDifference: 0 };
  },
  confusions: (result, truth) =>
    truth.content.circles.map(({ classId }, i) => [classId, result.content.circles[i]?.classId, 1]),
});
