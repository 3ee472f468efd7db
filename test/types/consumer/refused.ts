// Compiled by packages.test.ts in a package that depends on this one: each line with `export` must be refused.
import { type DetectionResult, type ImageInput, loadModel, type Picture, predict, visualize } from 'paddlelab';
import type { Sharp } from 'sharp';

declare const detected: DetectionResult;
declare const picture: Picture;
declare const sharpImage: Sharp;
export const number: ImageInput = 5;
export const pixels: ImageInput = { wide: 1, height: 1, data: new Uint8Array(3) };
export const notSharp: number = picture.toSharp();
export const noMethod = sharpImage.noSuchMethod();
export const wrongEngine = loadModel('folder', { engine: 'fast' });
export const wrongKey = loadModel('folder', { engin: 'plain' });
export const wrongImage = loadModel('folder').then((model) => predict(model, 5));
export const wrongResult = detected.noSuchPart;
export const wrongPicture = visualize(7, { kind: 'detection' });
