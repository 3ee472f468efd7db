import { expect, test } from 'vitest';
import type { Dataset } from '../../src/datasets/dataset';
import { type ClassMapping, mapClasses, mapTruth } from '../../src/evaluate/class-map';

const labels = ['circle', 'square', 'star'];

function dataset(classes: readonly string[]): Dataset {
  return { format: 'coco', path: 'scenes.json', classes, images: [], problems: [] };
}

test('classes are matched by their names, whatever their order', () => {
  expect(mapClasses(dataset(['star', 'circle']), labels)).toEqual([2, 0]);
});

test('numbers stay as they are where either side has no names', () => {
  expect(mapClasses(dataset([]), labels)).toBeUndefined();
  expect(mapClasses(dataset(['a', 'b']), [])).toBeUndefined();
});

test('a class that the model does not have is an error that names it, and what to do', () => {
  expect(() => mapClasses(dataset(['star', 'disc', 'blob']), labels)).toThrow(
    /classes of scenes\.json among the model's labels \(circle, square, star\) but it has also disc, blob; .*classes: \{ name: label }.*"order"/,
  );
});

test('pairs give the label of a class, and null leaves a class out', () => {
  expect(mapClasses(dataset(['disc', 'star', 'blob']), labels, { disc: 'circle', blob: null })).toEqual([
    0,
    2,
    undefined,
  ]);
});

const badMappings: readonly (readonly [ClassMapping, RegExp])[] = [
  [{ dics: 'circle' }, /a class of the data set for classes but received "dics"; did you mean "disc"\?/],
  [{ disc: 'circel' }, /a label of the model for classes\.disc but received "circel"; did you mean "circle"\?/],
];

test.each(badMappings)('pairs with a name that does not exist are refused: %j', (mapping, message) => {
  expect(() => mapClasses(dataset(['disc']), labels, mapping)).toThrow(message);
});

test('by order, there may be no more classes than the model has', () => {
  expect(mapClasses(dataset(['a', 'b']), labels, 'order')).toBeUndefined();
  expect(() => mapClasses(dataset(['a', 'b', 'c', 'd']), labels, 'order')).toThrow(/at most 3 classes.*but it has 4/);
});

test('the truth gets the numbers of the model; what is left out is ignored', () => {
  const object = { box: [0, 0, 2, 2], area: 4, crowd: false, ignored: false } as const;
  const objects = [0, 1].map((classId) => ({ ...object, classId }));
  expect(mapTruth({ kind: 'objects', objects }, [2, undefined])).toEqual({
    kind: 'objects',
    objects: [{ ...object, classId: 2 }],
  });
  expect(mapTruth({ kind: 'classes', classIds: [1, 0] }, [2, undefined])).toEqual({
    ...{ kind: 'classes', multiLabel: true, classIds: [2] },
  });
  expect(mapTruth({ kind: 'classes', classIds: [1] }, [2, 0])).toEqual({ kind: 'classes', classIds: [0] });
  expect(mapTruth({ kind: 'classes', classIds: [1] }, [2, undefined])).toBeUndefined();
  const pixels = { width: 2, height: 2, data: Uint8Array.of(0, 1, 255, 7) };
  expect(mapTruth({ kind: 'pixels', pixels }, [2, undefined])).toEqual({
    kind: 'pixels',
    pixels: { width: 2, height: 2, data: Uint8Array.of(2, 255, 255, 7) },
  });
});
