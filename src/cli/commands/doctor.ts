import type { Command } from 'commander';
import { whyNoPrecision } from '../../inference/cpu-precision';
import { loadBinding } from '../../native/binding';
import { homeFolder } from '../../runtime/cache';
import { type DoctorCheck, type DoctorPlace, type DoctorReport, diagnose } from '../../runtime/doctor';
import type { PaddleRuntime } from '../../runtime/inspect';
import { formatSize, wrap } from '../../text/format';
import { say } from '../print';

const WIDTH = 80;
const MARKS: Record<DoctorCheck['status'], string> = { ok: '✔', warning: '!', error: '✖' };

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('show what is installed, what is missing, and how to fix it')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const report = await diagnose({ loadAddon: loadBinding });
      say(options.json ? JSON.stringify(report, undefined, 2) : formatReport(report));
      if (!report.usable) process.exitCode = 1;
    });
}

/** CPU features that decide which engines and precisions work. */
const halfPrecisions = [
  ['onednn', 'bf16'],
  ['openvino', 'fp16'],
  ['openvino', 'bf16'],
] as const;

/** The report for a terminal of 80 columns; the home folder is `~`, so that most paths fit. */
export function formatReport(report: DoctorReport): string {
  const { cpu, gpus } = report.devices;
  const lines = [`paddlelab ${report.paddlelab}`, ''];
  for (const check of report.checks) lines.push(...formatCheck(check));
  if (report.runtime !== undefined) lines.push('', 'Runtime', ...formatRuntime(report.runtime));
  lines.push('', 'Places searched for a runtime, in this order');
  report.places.forEach((place, index) => {
    lines.push(...formatPlace(place, index + 1));
  });
  lines.push('', 'Devices', item('CPU', `${cpu.model}, ${cpu.threads} threads`));
  lines.push(item('', cpu.features.join(' ') || 'no vector extensions'));
  const halves = halfPrecisions.filter(([engine, precision]) => whyNoPrecision(engine, precision, cpu) === undefined);
  lines.push(item('', `half precision: ${halves.map((pair) => pair.join('-')).join(', ') || 'none'}`));
  for (const gpu of gpus) {
    lines.push(item(`gpu:${gpu.index}`, `${gpu.name}, ${formatSize(gpu.memory)}, driver ${gpu.driver}`));
  }
  if (gpus.length === 0) lines.push(item('GPU', 'none'));
  lines.push(
    '',
    report.usable ? '✔ paddlelab is ready to use' : '✖ paddlelab can not be used yet; see the fixes above',
  );
  return lines.join('\n');
}

function shortPaths(text: string): string {
  return text.replaceAll(`${homeFolder()}/`, '~/');
}

function formatCheck(check: DoctorCheck): string[] {
  const lines = [wrap(shortPaths(`${MARKS[check.status]} ${check.message}`), WIDTH, '  ')];
  if (check.fix !== undefined) lines.push(wrap(`  fix: ${check.fix}`, WIDTH, '       '));
  return lines;
}

function formatRuntime(runtime: PaddleRuntime): string[] {
  const { build } = runtime;
  const parts = [
    build.device === 'gpu' ? `CUDA ${build.cuda ?? '(version unknown)'}` : 'CPU only',
    ...(build.cudnn === undefined ? [] : [`cuDNN ${build.cudnn}`]),
    tensorrtWords(build),
    build.mkl ? 'MKL and oneDNN' : 'no MKL',
    build.openvino ? 'OpenVINO' : 'no OpenVINO',
  ];
  return [
    item('version', runtime.version + (runtime.commit === undefined ? '' : ` (commit ${runtime.commit.slice(0, 12)})`)),
    item('built with', parts.join(', ')),
    // On a line of its own, where it usually fits.
    '  library',
    `    ${shortPaths(runtime.library)}`,
  ];
}

/** GPU wheels before 3.0 don't state it. */
function tensorrtWords({ tensorrt, device }: PaddleRuntime['build']): string {
  if (tensorrt !== undefined) return `TensorRT ${tensorrt}`;
  return device === 'gpu' ? 'TensorRT unknown' : 'no TensorRT';
}

function formatPlace(place: DoctorPlace, number: number): string[] {
  const lines = [wrap(shortPaths(`  ${number}. ${place.place}`), WIDTH, '     ')];
  for (const runtime of place.runtimes) {
    lines.push(
      `     ${runtime.used ? '✔' : '-'} ${runtime.version} ${runtime.device.toUpperCase()}${runtime.used ? ' (used)' : ''}`,
    );
  }
  if (place.problem !== undefined) lines.push(wrap(shortPaths(`     ✖ ${place.problem}`), WIDTH, '       '));
  return lines;
}

function item(name: string, text: string): string {
  return wrap(`  ${name.padEnd(11)}${text}`, WIDTH, ' '.repeat(13));
}
