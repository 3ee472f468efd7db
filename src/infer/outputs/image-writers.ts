import type { ModelSpec } from '../../spec/spec';
import { taskOfModel } from '../../tasks/tasks';
import type { ImageWriter, InferStyle } from './image-writer';
import { paletteWriter } from './palette';
import { pictureWriter } from './picture';

export type { ImageFile, ImageWriter, InferStyle } from './image-writer';

/** What can be written for each image; several go into the folders that PaddleSeg's prediction tool has for them. */
const writers = {
  picture: { folder: 'added_prediction', make: pictureWriter },
  palette: { folder: 'pseudo_color_prediction', make: paletteWriter },
} satisfies Record<string, { folder: string; make: (folder: string, style: InferStyle) => ImageWriter }>;

export type ImageOutput = keyof typeof writers;

/** What is written of a task if nothing is said. */
export function defaultOutputs(spec: ModelSpec, style: InferStyle): readonly ImageOutput[] {
  switch (taskOfModel(spec).finds) {
    case 'pixels':
      return [style === 'paddle' ? 'palette' : 'picture'];
    case 'objects':
    case 'people':
      return ['picture'];
    case 'classes':
    case 'own':
      return [];
  }
}

/** A writer for each output. */
export function writersFor(outputs: readonly ImageOutput[], style: InferStyle): ImageWriter[] {
  return outputs.map((output) => {
    const { folder, make } = writers[output];
    return make(outputs.length > 1 ? folder : '', style);
  });
}
