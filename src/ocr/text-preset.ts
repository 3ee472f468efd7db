import { Model } from '../model/model';
import { rapidOcrSteps } from '../preprocess/ocr/rapid-ocr';
import { type LineSettings, recResizeImg, resizeLine } from '../preprocess/ocr/rec-resize-img';
import { linePresets, regionPresets } from '../spec/text-presets';

/** The same detector with RapidOCR's parameters instead of its configuration's: small images are enlarged, for example. */
export function rapidOcrDetector(model: Model<'text-detection'>): Model<'text-detection'> {
  const { spec } = model;
  const settings = spec.outputs.textDetection;
  if (settings === undefined) return model;
  const textDetection = { ...settings, ...regionPresets.rapidocr, preset: 'rapidocr', boxType: 'quad' } as const;
  const changed = { ...spec, preprocess: rapidOcrSteps, outputs: { ...spec.outputs, textDetection } };
  return new Model(model.kind, changed, model.session);
}

/** The same recogniser with RapidOCR's parameters; its dictionary stays. */
export function rapidOcrRecognizer(model: Model<'text-recognition'>): Model<'text-recognition'> {
  const preprocess = model.spec.preprocess.map((step) => {
    if (step.type !== recResizeImg.type) return step;
    const { height, width } = step.parameters as unknown as LineSettings;
    return resizeLine({ height, width, ...linePresets.rapidocr });
  });
  return new Model(model.kind, { ...model.spec, preprocess }, model.session);
}
