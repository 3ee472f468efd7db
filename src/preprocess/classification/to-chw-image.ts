import { plainOperator } from '../operator';
import { toPlanes } from '../planes';

/** PaddleClas `ToCHWImage`: interleaved pixels to planes. */
export const toChwImage = plainOperator('ToCHWImage', toPlanes);
