// Compiled by packages.test.ts in a package that depends on this one; it must compile without errors.
import {
  type AnyModel,
  compareBackends,
  type ImageInput,
  loadModel,
  PaddleLabError,
  type Picture,
  predict,
  predictStream,
  toCoco,
  visualize,
} from 'paddlelab';
import type { Sharp } from 'sharp';

export async function main(instance: Sharp): Promise<void> {
  const model: AnyModel = await loadModel('folder', { engine: 'plain', threads: 2 });
  const inputs: ImageInput[] = [
    'a.png',
    new Uint8Array(2),
    Buffer.from(''),
    instance,
    { width: 1, height: 1, data: new Uint8Array(3) },
  ];
  for (const input of inputs) {
    const result = await predict(model, input, { threshold: 0.5 });
    if (result.kind === 'detection') result.detections[0]?.box[0].toFixed(1);
  }
  const picture: Picture = await visualize(
    instance,
    await predict(await loadModel('d', { task: 'detection' }), 'a.png'),
  );
  const again: Sharp = picture.toSharp();
  await again.png().toBuffer();
  const report = await compareBackends('folder', 'a.png', { runs: 3 });
  console.log(report.best?.name, toCoco);
  for await (const one of predictStream(model, inputs)) console.log(one.timings.inferenceMs);
  try {
    await model.dispose();
  } catch (error) {
    if (error instanceof PaddleLabError && error.code === 'ABORTED') throw error;
  }
}
