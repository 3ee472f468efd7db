// Compiled by packages.test.ts in a package that depends on this one: each line that starts with `export` must be refused.
import * as lab from 'paddlelab';
import { type DetectionResult, type ImageInput, loadModel, type Picture, predict, visualize } from 'paddlelab';
import type { Sharp } from 'sharp';

declare const model: lab.AnyModel;
declare const detected: DetectionResult;
declare const picture: Picture;
declare const sharpImage: Sharp;
export const number: ImageInput = 5;
export const pixels: ImageInput = { wide: 1, height: 1, data: new Uint8Array(3) };
export const notSharp: number = picture.toSharp();
export const noMethod = sharpImage.noSuchMethod();
export const wrongEngine = loadModel('folder', { engine: 'fast' });
export const wrongKey = loadModel('folder', { engin: 'plain' });
export const wrongResult = detected.noSuchPart;
export const wrongPicture = visualize('a.png', { kind: 'detection' });

// A number in the place of an image, for each function that takes one.
export const predicted = loadModel('folder').then((loaded) => predict(loaded, 5));
export const predictedMany = predict(model, ['a.png', 5]);
export const streamed = lab.predictStream(model, [5]);
export const prepared = model.preprocess(5);
export const decoded = lab.decodeImage(5);
export const resolved = lab.resolveImages(['a.png', 5]);
export const compared = lab.compareBackends('folder', 5);
export const shown = visualize(5, detected);
export const plotted = lab.plotResult(5, detected);
export const inSteps = lab.visualizePreprocessing(model, 5);
export const inVideo = lab.visualizeVideo(model, [5]);
export const inGallery = lab.gallery([5]);
export const inPair = lab.sideBySide([5, 'a.png']);
export const inSlider = lab.slider('a.png', 5);
export const different = lab.visualizeDifference(5, detected, detected);
export const besideTruth = lab.visualizeBesideTruth(5, detected, detected);
