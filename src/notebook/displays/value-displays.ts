import type { MimeBundle } from '../../display/display';
import { galleryDisplay } from './gallery';
import { recordsDisplay } from './records';
import { tensorDisplay } from './tensor';
import { tensorsDisplay } from './tensors';
import { typedArrayDisplay } from './typed-array';
import type { ValueDisplay } from './value-display';

/** One file each; the first match is used. */
const DISPLAYS: readonly ValueDisplay[] = [
  tensorDisplay,
  tensorsDisplay,
  galleryDisplay,
  typedArrayDisplay,
  recordsDisplay,
];

/** The display for a value; undefined if there is none. */
export function displayOf(value: unknown): MimeBundle | Promise<MimeBundle> | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  return DISPLAYS.find((display) => display.matches(value))?.show(value);
}
