import type { Scene } from '../../drawing/annotators/annotator';
import type { Picture } from '../../drawing/picture';
import type { PictureStyle, VisualizeOptions } from '../options';
import { drawPaddleDetection } from './paddledetection';
import { drawPaddleSeg } from './paddleseg';

/** Draws a whole picture like a Python script. */
export type DrawStyle = (scene: Scene, options: VisualizeOptions) => Promise<Picture>;

/** The styles of other tools; a new one adds its file, its name in `options.ts` and a line here. */
export const styles = {
  paddledetection: drawPaddleDetection,
  paddleseg: drawPaddleSeg,
} satisfies Record<Exclude<PictureStyle, 'default'>, DrawStyle>;
