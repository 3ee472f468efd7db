import type { OtherKernel } from '../../helpers/other-kernels.cjs';

/** Tries in another kernel what a row of the comparison is about. */
export interface Probe {
  /** As the row begins. */
  row: string;
  /** What the table says of it. */
  try(kernel: OtherKernel): Promise<string>;
}
