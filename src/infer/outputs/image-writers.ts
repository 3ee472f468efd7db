import type { Finds } from '../../tasks/task-definition';
import type { ImageWriter, InferStyle } from './image-writer';
import { paletteWriter } from './palette';
import { pictureWriter } from './picture';

export type { ImageFile, ImageWriter, InferStyle } from './image-writer';

/** The outputs available for each image; several use the folders of PaddleSeg's prediction tool. */
const writers = {
  picture: { folder: 'added_prediction', make: pictureWriter },
  palette: { folder: 'pseudo_color_prediction', make: paletteWriter },
} satisfies Record<string, { folder: string; make: (folder: string, style: InferStyle) => ImageWriter }>;

export type ImageOutput = keyof typeof writers;

/** The default outputs of a task. */
export function defaultOutputs(finds: Finds, style: InferStyle): readonly ImageOutput[] {
  switch (finds) {
    case 'pixels':
      return [style === 'paddle' ? 'palette' : 'picture'];
    case 'objects':
    case 'people':
      return ['picture'];
    case 'classes':
    case 'text':
    case 'own':
      return [];
  }
}

/** The writers of the requested outputs. */
export function writersFor(outputs: readonly ImageOutput[], style: InferStyle): ImageWriter[] {
  return outputs.map((output) => {
    const { folder, make } = writers[output];
    return make(outputs.length > 1 ? folder : '', style);
  });
}
