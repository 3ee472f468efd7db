import { expect, test } from 'vitest';
import { createTracker, type MotObject, parseMot, toMot } from '../../src';

const object = (id: number, more: Partial<MotObject> = {}): MotObject => ({
  ...{ id, classId: 0, label: 'class 0', score: 0.5, box: [1, 2, 11, 22] },
  ...more,
});

test('lines have the columns of MOTChallenge, frames from 1', () => {
  expect(toMot([[object(1), object(2)], [], [object(1, { score: 1 / 3 })]])).toBe(
    '1,1,1,2,10,20,0.5,-1,-1,-1\n1,2,1,2,10,20,0.5,-1,-1,-1\n3,1,1,2,10,20,0.3333,-1,-1,-1\n',
  );
  expect(toMot([[object(1, { classId: 4 })]], { classes: true })).toBe('1,1,1,2,10,20,0.5,4,-1,-1\n');
  expect(toMot([])).toBe('');
});

test('what was written is read again', () => {
  const frames = [[object(1), object(1, { classId: 2, label: 'class 2' })], [], [object(3)]];
  expect(parseMot(toMot(frames, { classes: true }))).toEqual(frames);
});

test('detections of a file can be tracked', () => {
  const frames = parseMot('\uFEFF1,-1,10,20,30,40,0.9\r\n2,-1,11,20,30,40,0.9,-1,-1,-1\r\n\r\n');
  const tracker = createTracker('bytetrack');
  expect(frames.map((frame) => tracker.update(frame).map(({ id }) => id))).toEqual([[1], [1]]);
});

test('the class of ground truth is read, and a line without a score has 1', () => {
  expect(parseMot('2,5,0,0,4,6,1,3,0.25')).toEqual([
    [],
    [object(5, { classId: 3, label: 'class 3', score: 1, box: [0, 0, 4, 6] })],
  ]);
  expect(parseMot('1,5,1,2,10,20')).toEqual([[object(5, { score: 1 })]]);
});

test('two objects with one id need their classes', () => {
  const frame = [object(1), object(1, { classId: 2 })];
  const message = /^Expected objects with different ids for frames\[0\] .+ classes: true$/;
  expect(() => toMot([frame])).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
  );
});

test.each([
  ['1,2,3', 'Expected six numbers or more, separated by commas in line 1 but received "1,2,3"'],
  ['\n1,2,3,x,5,6', 'Expected finite numbers in line 2 but received "1,2,3,x,5,6"'],
  ['0,2,3,4,5,6', 'Expected a frame from 1 in line 1 but received "0,2,3,4,5,6"'],
  ['99999999999,2,3,4,5,6', 'Expected a frame from 1 in line 1 but received "99999999999,2,3,4,5,6"'],
  ['1,2,3,4,-5,6', 'Expected a width and height from 0 in line 1 but received "1,2,3,4,-5,6"'],
])('%j is refused with its line', (text, message) => {
  expect(() => parseMot(text)).toThrow(expect.objectContaining({ code: 'DATASET_INVALID', message }));
});
