import type { BackendName, SessionBackend } from '../../backends/named-backends';
import { messageOf, PaddleLabError } from '../../errors';
import { type EngineOptions, usesOnednn } from '../../inference/engine';
import type { TensorRtOptions } from '../../inference/tensorrt-options';
import type { LoadModelOptions } from '../../model/load-model';
import { checkInteger, checkOneOf } from '../../validate';
import type { FlagValues } from './flag';
import { refuse } from './refuse';

/** The load options from the flags for task, device, engine, precision, threads and runtime. */
export function readLoad(values: FlagValues): LoadModelOptions {
  const { runtime, format, task } = values as Pick<LoadModelOptions, 'runtime' | 'format' | 'task'>;
  const threads = values['cpu-threads'] as number | undefined;
  const common = { ...(format === undefined ? {} : { format }), ...(task === undefined ? {} : { task }) };
  if (values.backend !== undefined) return { ...common, backend: readBackend(values) };
  return {
    ...readEngine(values),
    ...(threads === undefined ? {} : { threads: checkInteger('cpu-threads', threads, 1) }),
    ...(runtime === undefined ? {} : { runtime }),
    ...common,
  };
}

/** Flags that can't be combined with --backend, which determines them. */
const besideBackend = ['device', 'engine', 'precision', 'cpu-threads', 'runtime', 'run-mode', 'use-gpu', 'use-trt'];

function readBackend(values: FlagValues): NonNullable<LoadModelOptions['backend']> {
  const other = [...besideBackend, 'enable-mkldnn', 'enable-mkldnn-bfloat16'].find(
    (name) => values[name] !== undefined,
  );
  if (other !== undefined)
    throw refuse(`--backend and --${other} exclude each other, because a backend determines both`);
  const text = String(values.backend).trim();
  if (!text.startsWith('{')) return text as BackendName;
  try {
    return JSON.parse(text) as SessionBackend;
  } catch (error) {
    throw refuse(`Expected a name or JSON for --backend but received ${text}: ${messageOf(error)}`);
  }
}

function readEngine(values: FlagValues): EngineOptions {
  const device = readDevice(values);
  const mode = (values['run-mode'] ?? 'paddle') as string;
  const bfloat16 = values['enable-mkldnn-bfloat16'] === true || mode === 'mkldnn_bf16';
  const asked = values.engine as EngineOptions['engine'];
  if (bfloat16 && values['enable-mkldnn'] === false) {
    throw refuse('--enable_mkldnn_bfloat16 needs --enable_mkldnn');
  }
  const onednn = bfloat16 || values['enable-mkldnn'] === true || mode === 'mkldnn';
  if (onednn && asked !== undefined && !usesOnednn(asked)) {
    throw refuse(`--engine ${asked} and oneDNN exclude each other; leave one out`);
  }
  const engine = onednn ? (asked ?? 'onednn') : asked;
  const precision = readPrecision(values, mode, bfloat16);
  const tensorrt = mode.startsWith('trt_') || values['use-trt'] === true ? readTensorRt(values) : undefined;
  return {
    device,
    ...(engine === undefined ? {} : { engine }),
    ...(precision === undefined ? {} : { precision }),
    ...(tensorrt === undefined ? {} : { tensorrt }),
  };
}

function readPrecision(values: FlagValues, mode: string, bfloat16: boolean): EngineOptions['precision'] {
  const asked = values.precision as EngineOptions['precision'];
  const modePrecision = bfloat16 ? 'bf16' : /_(fp32|fp16|int8)$/.exec(mode)?.[1];
  if (asked !== undefined && modePrecision !== undefined && asked !== modePrecision) {
    throw refuse(`--precision ${asked} and ${bfloat16 ? 'bfloat16' : `--run_mode ${mode}`} exclude each other`);
  }
  return asked ?? (modePrecision as EngineOptions['precision']);
}

function readDevice(values: FlagValues): EngineOptions['device'] {
  const asked = (values.device as string | undefined)?.toLowerCase();
  const gpu = values['use-gpu'] === true;
  if (gpu && (asked === 'cpu' || values['use-cpu'] === true)) throw refuse('--use_gpu and the CPU exclude each other');
  if (values['use-cpu'] === true || (asked === undefined && !gpu)) return 'cpu';
  const name = asked ?? 'gpu';
  if (/^(cpu|gpu(:\d+)?)$/.test(name)) return name as EngineOptions['device'];
  checkOneOf('device', name, ['cpu', 'gpu', 'xpu', 'npu', 'mlu']);
  throw new PaddleLabError(
    'DEVICE_UNAVAILABLE',
    `--device ${name} is not supported by this command; for a predictor of your own, paddle.Config has enableXpu and enableCustomDevice`,
  );
}

function readTensorRt(values: FlagValues): TensorRtOptions {
  const least = values['min-subgraph-size'] as number | undefined;
  const file = values['tuned-trt-shape-file'] as string | undefined;
  return {
    maxBatchSize: (values['batch-size'] as number | undefined) ?? 1,
    ...(least === undefined ? {} : { minSubgraphSize: checkInteger('min-subgraph-size', least, 1) }),
    ...(values['trt-calib-mode'] === true ? { calibrate: true } : {}),
    ...(file === undefined ? {} : { shapeFile: file }),
    ...(values['use-dynamic-shape'] === true ? { shapes: readShapes(values) } : {}),
  };
}

/** As in PaddleDetection: square images, and the scale factors its networks expect. */
function readShapes(values: FlagValues): TensorRtOptions['shapes'] {
  const batch = (values['batch-size'] as number | undefined) ?? 1;
  const image = (name: string, side: number) => {
    const found = checkInteger(name, values[name] ?? side, 1);
    return [batch, 3, found, found];
  };
  const factors = [batch, 2];
  return {
    image: {
      min: image('trt-min-shape', 1),
      max: image('trt-max-shape', 1280),
      opt: image('trt-opt-shape', 640),
    },
    scale_factor: { min: factors, max: factors, opt: factors },
  };
}
