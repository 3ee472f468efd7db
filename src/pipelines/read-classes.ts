import { encodeLabelMap } from '../image/label-map';
import type { Classification, Segment } from '../results';
import type { AnswerValues } from './answer-values';

type Fields = Readonly<Record<string, unknown>>;

export function readClasses(values: AnswerValues, { categories }: Fields): Classification[] {
  return values.objects('categories', categories).map(({ id, name, score }) => ({
    classId: values.classId('id', id),
    label: values.text('name', name),
    score: values.number('score', score),
  }));
}

/** The segments of a map of classes, largest first; PaddleX names no classes in it. */
export function readSegments(
  values: AnswerValues,
  { labelMap, size }: Fields,
  image: { readonly width: number; readonly height: number },
  labels: readonly string[],
): Segment[] {
  const { width, height } = image;
  const [rows, columns] = values.numbers('size', size, 2);
  if (rows !== height || columns !== width) {
    const advice = 'a pipeline with a targetSize answers maps of that size';
    throw values.refuse(
      `Expected a map of ${height}×${width}, the size of the image, but the server answered ${rows}×${columns}; ${advice}`,
    );
  }
  const list = values.list('labelMap', labelMap);
  if (list.length !== width * height) {
    throw values.refuse(`Expected ${width * height} classes in labelMap but the server answered ${list.length}`);
  }
  const data = Uint16Array.from(list, (one) => values.integer('labelMap', one, 0, 65_535));
  return encodeLabelMap({ width, height, data })
    .map(({ classId, area, mask }) => {
      return { classId, label: labels[classId] ?? String(classId), area, fraction: area / data.length, mask };
    })
    .sort((a, b) => b.area - a.area || a.classId - b.classId);
}
