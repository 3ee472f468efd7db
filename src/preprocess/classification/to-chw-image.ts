import { plainOperator } from '../operator';
import { toPlanes } from '../planes';

/** PaddleClas `ToCHWImage`: rows of pixels to planes. */
export const toChwImage = plainOperator('ToCHWImage', toPlanes);
