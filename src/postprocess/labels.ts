import { PaddleLabError } from '../errors';
import type { ModelSpec } from '../spec/spec';

/** The name of a class, or its number if the configuration has no class names. */
export function labelOf(classId: number, spec: ModelSpec): string {
  const { labels, files } = spec;
  if (labels.length === 0) return String(classId);
  const label = labels[classId];
  if (label !== undefined) return label;
  throw new PaddleLabError(
    'CONFIG_INVALID',
    `${files.config ?? 'config'}: The model returned class ${classId}, but there are ${labels.length} labels (label_list)`,
  );
}
