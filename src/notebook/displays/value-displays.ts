import type { MimeBundle } from '../../display/display';
import { galleryDisplay } from './gallery';
import { recordsDisplay } from './records';
import { tensorDisplay } from './tensor';
import { tensorsDisplay } from './tensors';
import { typedArrayDisplay } from './typed-array';
import type { ValueDisplay } from './value-display';

/** One file each; the first that matches is taken. */
const DISPLAYS: readonly ValueDisplay[] = [
  tensorDisplay,
  tensorsDisplay,
  galleryDisplay,
  typedArrayDisplay,
  recordsDisplay,
];

/** What shows a value; undefined where nothing is known for it. */
export function displayOf(value: unknown): MimeBundle | Promise<MimeBundle> | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  return DISPLAYS.find((display) => display.matches(value))?.show(value);
}
