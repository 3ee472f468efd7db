import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../folders';
import { freePort } from '../free-port';
import { demoModel } from '../project';
import { ensurePackages, findPython } from '../python-packages';
import { ModelServer } from './model-server';

interface Served {
  readonly demo: Parameters<typeof demoModel>[0];
  readonly config: string;
  readonly name: string;
  readonly module: string;
  readonly settings: string;
}

/** A demo model as PaddleX takes one: it goes by the names of its own models. */
const models: Readonly<Record<'object-detection' | 'semantic-segmentation' | 'instance-segmentation', Served>> = {
  'object-detection': {
    ...{ demo: 'shapes_det_picodet', config: 'infer_cfg.yml', name: 'PicoDet-S', module: 'ObjectDetection' },
    settings: '    img_size: null\n    threshold: null\n',
  },
  'semantic-segmentation': {
    ...{ demo: 'shapes_seg_ppliteseg', config: 'deploy.yaml', name: 'PP-LiteSeg-T', module: 'SemanticSegmentation' },
    settings: '    target_size: [256, 256]\n',
  },
  'instance-segmentation': {
    ...{
      demo: 'shapes_ins_maskrcnn',
      config: 'infer_cfg.yml',
      name: 'MaskRCNN-ResNet50',
      module: 'InstanceSegmentation',
    },
    settings: '    threshold: 0.5\n',
  },
};

/** PaddleX's basic serving of a demo model, not started; undefined, with a printed note, if this machine can't have it. */
export async function paddlexServing(task: keyof typeof models): Promise<ModelServer | undefined> {
  const python = await paddlexPython();
  if (python === undefined) return undefined;
  const { demo, config, name, module, settings } = models[task];
  const [folder, source] = [makeFolder(), demoModel(demo)];
  copyFileSync(path.join(source, 'model.json'), path.join(folder, 'inference.json'));
  copyFileSync(path.join(source, 'model.pdiparams'), path.join(folder, 'inference.pdiparams'));
  const yaml = readFileSync(path.join(source, config), 'utf8');
  writeFileSync(path.join(folder, 'inference.yml'), `${yaml}\nGlobal:\n  model_name: ${name}\n`);
  const names = `    module_name: ${task.replace('-', '_')}\n    model_name: ${name}\n    model_dir: ${folder}\n`;
  const body = `pipeline_name: ${task.replace('-', '_')}\nSubModules:\n  ${module}:\n${names}    batch_size: 1\n`;
  return pipelineServer(python, task, folder, `${body}${settings}`);
}

/** A Python with PaddleX; undefined, with a printed note, if this machine can't have it. */
export async function paddlexPython(): Promise<string | undefined> {
  const base = await findPython('3.11', '3.12', '3.10');
  if (base === undefined) return undefined;
  // premailer is of the extra ocr.
  const versions = { paddlex: '3.7.2', paddlepaddle: '3.3.1', premailer: '3.10.0' };
  const extras = ['paddlex[serving,cv,ocr]==3.7.2', 'setuptools'];
  return ensurePackages('python-paddlex', versions, extras, base);
}

/** A server of a pipeline that a configuration of PaddleX describes, not started. */
export async function pipelineServer(
  python: string,
  task: string,
  folder: string,
  configuration: string,
): Promise<ModelServer> {
  const file = path.join(folder, 'pipeline.yaml');
  writeFileSync(file, configuration);
  const httpPort = await freePort();
  const where = ['--host', '127.0.0.1', '--port', String(httpPort)];
  const args = ['-m', 'paddlex', '--serve', '--pipeline', file, ...where];
  // Paddle's oneDNN engine, its default, can't run the programs of these models.
  const env = { PADDLE_PDX_ENABLE_MKLDNN_BYDEFAULT: 'False', PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK: 'True' };
  const home = { PADDLE_PDX_CACHE_HOME: path.join(folder, 'cache') };
  const command = { python, args, httpPort, grpcPort: 0, readyPath: '/health', env: { ...env, ...home } };
  return new ModelServer(`PaddleX's ${task}`, task, folder, command);
}
