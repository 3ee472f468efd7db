import type { OtherKernel } from '../../helpers/other-kernels.cjs';

/** Tests a row of the comparison in another kernel. */
export interface Probe {
  /** The row's title. */
  row: string;
  /** Returns the table cell. */
  try(kernel: OtherKernel): Promise<string>;
}
