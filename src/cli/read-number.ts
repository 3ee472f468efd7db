import { InvalidArgumentError } from 'commander';

/** The value of a flag that is a number. */
export function readNumber(text: string): number {
  return read(text, Number.isFinite, 'a number');
}

/** The value of a flag that is a whole number. */
export function readWhole(text: string): number {
  return read(text, Number.isInteger, 'a whole number');
}

function read(text: string, fits: (value: number) => boolean, expected: string): number {
  const value = Number(text);
  if (text.trim() === '' || !fits(value)) throw new InvalidArgumentError(`Expected ${expected}.`);
  return value;
}
