import path from 'node:path';
import { readFile, statIfThere } from '../../files/fs';
import { readPreprocess } from '../../preprocess/operators';
import type { ClassificationRule } from '../../spec/output-settings';
import { taskForArchitecture } from '../../tasks/custom-task';
import type { YamlNode } from '../../yaml/yaml-file';
import type { Family } from './family';

/** Size limit of a label file; a larger file is something else. */
const maximumLabelBytes = 16 * 2 ** 20;

/** Post-processing that this library does not support; ignoring it would give other results than the original. */
const otherRules = [
  'ScoreOutput',
  'Binarize',
  'SavePreLabel',
  'PersonAttribute',
  'VehicleAttribute',
  'TableAttribute',
  'FaceAttribute',
  'NormalizeFeatures',
];

/**
 * `inference.yml` and `inference_cls.yaml` of PaddleClas 2.2 and later: `PreProcess.transform_ops`, and the entry of
 * `PostProcess` named by `main_indicator` (by default the first one).
 */
export const paddleClas: Family = {
  name: 'PaddleClas',
  expects: 'PreProcess with transform_ops',
  recognises: (root) => root.get('PreProcess') !== undefined,
  async read(root, { directory, paddlex, assumedTask }) {
    const name = root.get('Global')?.get('model_name');
    const post = root.get('PostProcess');
    const tolerant = assumedTask === 'tensors' || taskForArchitecture(name?.string() ?? '') !== undefined;
    if (!tolerant && post?.get('name') !== undefined) {
      const name = post.require('name');
      const text = `PaddleOCR's ${JSON.stringify(name.value)} is not supported; supported: DBPostProcess, CTCLabelDecode`;
      throw name.error(text, 'MODEL_UNSUPPORTED');
    }
    const rule = post && mainRule(post, tolerant);
    const operators = paddlex ? 'PaddleX classification' : 'PaddleClas';
    return {
      family: paddlex ? 'PaddleX' : 'PaddleClas',
      // Plain scores, because the user assumes classification.
      task: post !== undefined && rule === undefined && tolerant ? 'tensors' : 'classification',
      arch: name?.string() ?? 'unknown',
      labels: rule === undefined ? [] : await readLabels(rule.type, rule.node, directory),
      preprocess: readPreprocess(root.require('PreProcess').require('transform_ops'), operators, 'unknown'),
      outputs: { classification: rule ? readRule(rule.type, rule.node) : { type: 'Topk', topk: 1 } },
    };
  },
};

interface NamedRule {
  readonly type: ClassificationRule['type'];
  readonly node: YamlNode;
}

const ruleTypes: readonly ClassificationRule['type'][] = ['Topk', 'ThreshOutput', 'MultiLabelThreshOutput'];

function mainRule(post: YamlNode, tolerant: boolean): NamedRule | undefined {
  const main = post.get('main_indicator')?.string();
  const names = Object.keys(post.mapping()).filter((key) => key !== 'main_indicator');
  const name = main === undefined ? names[0] : names.find((candidate) => main.includes(candidate));
  if (name === undefined) {
    if (main === undefined) return undefined;
    throw post.require('main_indicator').error(`Expected one of ${names.join(', ')} but received "${main}"`);
  }
  const node = post.get(name) ?? post;
  const type = ruleTypes.find((candidate) => candidate === name);
  if (type !== undefined) return { type, node };
  if (tolerant) return undefined;
  const text = `Post-processing "${name}" is not supported${otherRules.includes(name) ? ' yet' : ''}`;
  throw node.error(`${text}; supported: ${ruleTypes.join(', ')}`, 'MODEL_UNSUPPORTED');
}

function readRule(type: ClassificationRule['type'], node: YamlNode): ClassificationRule {
  switch (type) {
    case 'Topk':
      return { type, topk: node.get('topk')?.integer(1, 1_000_000) ?? 1 };
    case 'ThreshOutput': {
      const defaultLabelIndex = node.get('default_label_index')?.integer(0, 1_000_000) ?? 0;
      return { type, threshold: node.get('threshold')?.number(0, 1) ?? 0, defaultLabelIndex };
    }
    case 'MultiLabelThreshOutput':
      return { type, threshold: node.get('threshold')?.number(0, 1) ?? 0.5 };
  }
}

/** From `label_list`, `label_0` and `label_1`, or the file that `class_id_map_file` names. */
async function readLabels(type: string, node: YamlNode, directory: string | undefined): Promise<string[]> {
  const list = node.get('label_list');
  if (list !== undefined) return list.list().map((item) => item.label());
  const file = node.get('class_id_map_file');
  if (file !== undefined) return readLabelFile(file, node.get('delimiter')?.string() ?? ' ', directory);
  if (type !== 'ThreshOutput') return [];
  return [node.get('label_0')?.label() ?? '0', node.get('label_1')?.label() ?? '1'];
}

/**
 * Reads lines of `id name`. Like the original, continues without names if the file is missing, because its path usually
 * belongs to the training machine.
 */
async function readLabelFile(node: YamlNode, delimiter: string, directory: string | undefined): Promise<string[]> {
  const named = node.string();
  const bases = directory === undefined ? [process.cwd()] : [directory, process.cwd()];
  const candidates = bases.flatMap((base) => [path.resolve(base, named), path.join(base, path.basename(named))]);
  for (const file of candidates) {
    const found = await statIfThere(file);
    if (!found?.isFile()) continue;
    if (found.size > maximumLabelBytes) throw node.error(`Expected at most 16 MiB of labels in ${file}`);
    return parseLabels(await readFile(file, 'utf8'), delimiter, (line) =>
      node.error(`Expected "<number>${delimiter}<name>" in ${file}:${line}`),
    );
  }
  return [];
}

function parseLabels(text: string, delimiter: string, fail: (line: number) => Error): string[] {
  const labels: string[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const at = line.indexOf(delimiter);
    const id = Number(line.slice(0, at));
    if (at < 1 || !Number.isInteger(id) || id < 0 || id > 1_000_000) throw fail(index + 1);
    labels[id] = line.slice(at + delimiter.length).trim();
  });
  return Array.from(labels, (label, id) => label ?? String(id));
}
