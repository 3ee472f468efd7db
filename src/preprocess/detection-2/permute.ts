import { plainOperator } from '../operator';
import { toPlanes } from '../planes';

/** PaddleDetection 2.x `Permute`: interleaved pixels to planes. */
export const permute = plainOperator('Permute', toPlanes);
