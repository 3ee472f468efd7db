import { plainOperator } from '../operator';
import { toPlanes } from '../planes';

/** PaddleDetection 2.x `Permute`: rows of pixels to planes. */
export const permute = plainOperator('Permute', toPlanes);
