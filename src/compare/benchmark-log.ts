import { usesOnednn } from '../inference/engine';
import { type LogStyle, scriptOutputOf } from '../layouts/script-output';
import { showControls, showControlsInLines } from '../text/controls';
import type { ReportFacts } from './report-data';
import type { MeasuredRow } from './rows';

/** The log of the deploy scripts' benchmark flags; unknown values are None. */
export function benchmarkLog(row: MeasuredRow, facts: ReportFacts, style?: LogStyle): string {
  const chosen = style ?? scriptOutputOf(facts.family).benchmarkLog;
  const shown = { ...facts, model: showControls(facts.model) };
  return showControlsInLines(chosen === 'AutoLog' ? autoLog(row, shown) : detectionLog(row, shown));
}

/** `2026-11-20 12:00:00,000`, as Python's logging formats it. */
function timestampOf(startedAt: string): string {
  return startedAt.replace('T', ' ').replace('.', ',').replace('Z', '');
}

function detectionLog(row: MeasuredRow, facts: ReportFacts): string {
  const prefix = `${timestampOf(facts.startedAt)} - benchmark_utils - INFO - `;
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(`${prefix}${text}`);
  const section = (title: string, dashes: readonly [number, number], body: readonly string[]): void => {
    lines.push(`${prefix}\n`);
    say(`${'-'.repeat(dashes[0])} ${title} ${'-'.repeat(dashes[1])}`);
    for (const text of body) say(`[DET] ${text}`);
  };
  section('Paddle info', [22, 22], [...paddleLines(row), 'paddle_branch: None', 'log_api_version: 1.0.3']);
  section('Conf info', [23, 23], confLines(row));
  section('Model info', [23, 22], modelLines(row, facts));
  section('Data info', [23, 23], ['batch_size: 1', 'input_shape: dynamic_shape', `data_num: ${facts.images}`]);
  const unknown = 'cpu_vms: None, cpu_shared_mb: None, cpu_dirty_mb: None, cpu_util: None%';
  section(
    'Perf info',
    [23, 23],
    [
      `cpu_rss(MB): ${megabytes(row.peakMemory)}, ${unknown}`,
      `gpu_rss(MB): ${megabytes(row.gpuMemory)}, gpu_util: None%, gpu_mem_util: None%`,
      `total time spent(s): ${(totalMs(row) / 1000).toFixed(1)}`,
      stageLine(row, 1),
    ],
  );
  return `${lines.join('\n')}\n`;
}

function autoLog(row: MeasuredRow, facts: ReportFacts): string {
  const lines: string[] = [];
  const section = (title: string, dashes: readonly [number, number], body: readonly string[]): void => {
    lines.push('', `${'-'.repeat(dashes[0])} ${title} ${'-'.repeat(dashes[1])}`, ...body.map((text) => ` ${text}`));
  };
  const driver = /driver ([^)]+)/.exec(facts.machine.gpus[0] ?? '')?.[1];
  section(
    'Env info',
    [22, 22],
    [
      `OS_version: ${facts.machine.system}`,
      'CUDA_version: None',
      'CUDNN_version: None',
      `drivier_version: ${driver ?? 'None'}`,
    ],
  );
  section('Paddle info', [22, 22], [...paddleLines(row), 'log_api_version: 1.0']);
  section('Conf info', [23, 23], confLines(row));
  section('Model info', [23, 22], modelLines(row, facts));
  section(
    'Data info',
    [23, 23],
    ['batch_size: 1', `input_shape: [${facts.inputShape.join(', ')}]`, `data_num: ${facts.images}`],
  );
  section(
    'Perf info',
    [23, 23],
    [
      `cpu_rss(MB): ${megabytes(row.peakMemory)}, gpu_rss(MB): ${megabytes(row.gpuMemory)}, gpu_util: None%`,
      `total time spent(s): ${(totalMs(row) / 1000).toFixed(4)}`,
      stageLine(row, 4),
    ],
  );
  return `${lines.join('\n')}\n`;
}

function paddleLines({ library }: MeasuredRow): string[] {
  return [`paddle_version: ${library.replace(/^Paddle /, '')}`, 'paddle_commit: None'];
}

function confLines({ settings }: MeasuredRow): string[] {
  const python = (value: boolean): string => (value ? 'True' : 'False');
  const gpu = 'device' in settings && (settings.device ?? 'cpu') !== 'cpu';
  const tensorrt = 'tensorrt' in settings && settings.tensorrt !== undefined && settings.tensorrt !== false;
  return [
    `runtime_device: ${gpu ? 'gpu' : 'cpu'}`,
    'ir_optim: True',
    'enable_memory_optim: True',
    `enable_tensorrt: ${python(tensorrt)}`,
    `enable_mkldnn: ${python('engine' in settings && usesOnednn(settings.engine))}`,
    `cpu_math_library_num_threads: ${settings.threads}`,
  ];
}

function modelLines({ settings }: MeasuredRow, { model }: ReportFacts): string[] {
  return [`model_name: ${model}`, `precision: ${settings.precision ?? 'fp32'}`];
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? 'None' : (bytes / 2 ** 20).toFixed(4);
}

function totalMs({ meanMs, runs }: MeasuredRow): number {
  return meanMs * runs;
}

/** Without stages: the network's mean, as in the scripts, and zero before and after. */
function stageLine({ stages, meanMs }: MeasuredRow, digits: number): string {
  const { preprocessMs = 0, inferenceMs = meanMs, postprocessMs = 0 } = stages ?? {};
  const [before, network, after] = [preprocessMs, inferenceMs, postprocessMs].map((value) => value.toFixed(digits));
  return `preprocess_time(ms): ${before}, inference_time(ms): ${network}, postprocess_time(ms): ${after}`;
}
