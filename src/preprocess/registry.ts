import type { ModelFamily } from '../model/spec';
import type { YamlNode } from '../model/yaml-file';
import { nearest } from '../validate';
import type { PreprocessOperator } from './operator';
import { letterBoxResize } from './operators/letter-box-resize';
import { normalizeImage } from './operators/normalize-image';
import { pad } from './operators/pad';
import { padStride } from './operators/pad-stride';
import { permute } from './operators/permute';
import { resize } from './operators/resize';
import type { PreprocessStep } from './pipeline';

/** Every operator that configurations of PaddleDetection 2.x may name; a new one is added here and nowhere else. */
const operators: readonly PreprocessOperator[] = [resize, letterBoxResize, normalizeImage, permute, padStride, pad];

/**
 * Reads the list of preprocessing operators of a configuration.
 *
 * @param arch as the configuration names it; in PaddleDetection 1.x it decides whether `Resize` keeps the ratio
 */
export function readPreprocess(node: YamlNode, _family: ModelFamily, _arch: string): PreprocessStep[] {
  const items = node.list();
  const steps = items.map(readStep);
  const normalized = steps.findIndex((step) => step.type === 'NormalizeImage');
  const resized = steps.findIndex((step) => step.type === 'Resize' || step.type === 'LetterBoxResize');
  if (normalized >= 0 && resized > normalized) {
    throw (items[resized] as YamlNode).error(
      'Resizing after NormalizeImage (SOLOv2) is not supported yet',
      'MODEL_UNSUPPORTED',
    );
  }
  return steps;
}

function readStep(node: YamlNode): PreprocessStep {
  const type = node.require('type').string();
  const operator = operators.find((candidate) => candidate.type === type);
  if (operator === undefined) {
    const names = operators.map((candidate) => candidate.type);
    const near = nearest(type, names);
    const hint = near === undefined ? `known: ${names.join(', ')}` : `did you mean "${near}"?`;
    throw node.require('type').error(`Unknown preprocessing operator "${type}"; ${hint}`, 'MODEL_UNSUPPORTED');
  }
  for (const key of Object.keys(node.mapping())) {
    if (key !== 'type' && !operator.keys.includes(key)) {
      throw node.error(`Unknown key "${key}" for ${type}; known: ${operator.keys.join(', ') || 'none'}`);
    }
  }
  return operator.read(node);
}
