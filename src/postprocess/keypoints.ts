import type { Tensor } from '../inference/tensor';
import { rint } from '../preprocess/rounding';
import type { Keypoint, KeypointsResult } from '../results';
import type { PostprocessContext } from '../spec/spec';
import { readBottomUp } from './bottom-up';
import { unsupported } from './boxes';
import { refinePeak } from './dark';

/**
 * Keypoints of PaddleDetection 2.x: of several people at once (HigherHRNet), or top-down (HRNet, Lite-HRNet, TinyPose)
 * with DARK's refinement, the script's default. For top-down models the image is the crop of one person. As in the
 * script, the width's ratio is used for both axes.
 */
export async function readKeypoints(
  outputs: readonly Tensor[],
  { spec, image, threshold = 0 }: PostprocessContext,
): Promise<Pick<KeypointsResult, 'threshold' | 'people'>> {
  if (spec.conventions.people === 'bottom-up') {
    const people = await readBottomUp(outputs, image);
    return { threshold, people: people.filter(({ score }) => score >= threshold) };
  }
  const maps = outputs[0];
  const [, joints = 0, height = 0, width = 0] = maps?.shape ?? [];
  if (maps?.dtype !== 'float32' || maps.shape.length !== 4 || maps.shape[0] !== 1 || width * height === 0) {
    throw unsupported('heat maps as float32 [1,K,h,w] in the first output', outputs);
  }
  const [centreX, centreY] = [rint(image.width / 2), rint(image.height / 2)];
  const ratio = image.width / width;
  const found = Array.from({ length: joints }, (_, joint): Keypoint => {
    const map = mapOf(maps, joint, width * height);
    const { x, y, score } = peakOf(map, width);
    const refined = refinePeak(map, width, height, x, y);
    return {
      x: centreX + (refined.x - width / 2) * ratio,
      y: centreY + (refined.y - height / 2) * ratio,
      score,
    };
  });
  const score = found.reduce((sum, joint) => sum + joint.score, 0) / Math.max(1, joints);
  const person = { score, keypoints: found, box: [0, 0, image.width, image.height] as const };
  return { threshold, people: score >= threshold ? [person] : [] };
}

function mapOf(maps: Tensor, joint: number, pixels: number): Float32Array {
  return (maps.data as Float32Array).subarray(joint * pixels, (joint + 1) * pixels);
}

/** The first of the highest cells; the top left corner if no value is above 0. */
function peakOf(map: Float32Array, width: number): { x: number; y: number; score: number } {
  let best = 0;
  for (let i = 1; i < map.length; i++) if ((map[i] as number) > (map[best] as number)) best = i;
  const score = map[best] as number;
  return score > 0 ? { x: best % width, y: Math.floor(best / width), score } : { x: 0, y: 0, score };
}
