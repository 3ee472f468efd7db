export { paddlexResizeImage as classificationResize } from '../classification/resize-image';
export { classificationNormalize, detectionNormalize, segmentationNormalize, textNormalize } from './normalize';
export { detectionPad } from './pad';
export { detectionResize, segmentationResize } from './resize';
