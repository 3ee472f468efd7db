// Checks the claims of compareBackends, and of the engine chosen by loadModel.
//
//   node test/bench/compare.mjs same               the same backend under two names: is 1 in the interval?
//   node test/bench/compare.mjs python [model…]    medians against Python's paddle.inference in the same run
//   node test/bench/compare.mjs openvino [model…]  the best row against OpenVINO's own runtime at the same precision
//   node test/bench/compare.mjs default [model…]   the engine that loadModel picks against the fastest that agrees
//
// Needs the compiled package (`npm run build`) and, but for `same` and `default`, `.cache/python-paddle` with
// paddlepaddle 3.3.1 (`npm run test:long` makes it) and openvino 2025.0.0, the one that Paddle 3.3.1 carries.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const root = path.resolve(here, '../..');
const lab = createRequire(import.meta.url)(root);
const shared = path.resolve(root, '../shared/models');
const python = path.join(root, '.cache/python-paddle/bin/python');
const image = path.join(root, 'notebooks/images/shapes.png');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'paddlelab-compare-bench-'));

/** Every model of the shared material: architectures get random weights, demo models have their own. */
function allModels() {
  if (!existsSync(shared)) throw new Error('The shared material is not on this machine');
  const folders = (folder) => readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const archs = folders(path.join(shared, 'arch')).map(({ name }) => name);
  const demos = folders(path.join(shared, 'demo')).flatMap(({ name }) =>
    folders(path.join(shared, 'demo', name)).map((layout) => `${name}/${layout.name}`),
  );
  return { archs, demos };
}

function folderOf(name) {
  if (name.includes('/')) return path.join(shared, 'demo', name);
  const folder = path.join(scratch, name);
  if (existsSync(folder)) return folder;
  cpSync(path.join(shared, 'arch', name), folder, { recursive: true });
  const interpreter = existsSync(python) ? python : path.join(root, '.cache/python/bin/python');
  const filled = spawnSync(interpreter, [path.join(shared, 'fill_params.py'), folder], { stdio: 'pipe' });
  if (filled.status !== 0) throw new Error(`Making weights for ${name} failed: ${filled.stderr}`);
  if (name.startsWith('solov2')) makeSmaller(path.join(folder, 'infer_cfg.yml'));
  return folder;
}

/** SOLOv2 with random weights finds objects everywhere, and its masks of a usual image exceed the memory. */
function makeSmaller(configuration) {
  const text = readFileSync(configuration, 'utf8');
  const smaller = text.replace(/(target_size:\n\s*- )\d+(\n\s*- )\d+/, '$1160$2256');
  if (smaller === text) throw new Error(`${configuration} names no target_size`);
  writeFileSync(configuration, smaller);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The ratio of two rows' times: the median over the rounds in which both were measured. */
function ratioOf(row, other) {
  const ratios = row.roundsMs.map((times, round) => median(times) / median(other.roundsMs[round]));
  return median(ratios);
}

/** Keeps a row, and prints it at once, because the benchmark takes minutes and may be stopped. */
function note(rows, row) {
  rows.push(row);
  console.error(JSON.stringify(row));
}

async function same() {
  const results = [];
  for (let i = 0; i < 10; i++) {
    const backends = [
      { name: 'one', engine: 'openvino' },
      { name: 'other', engine: 'openvino' },
    ];
    const options = { backends, runs: 25, rounds: 5, seed: i };
    const report = await lab.compareBackends(path.join(root, 'notebooks/models/shapes_det_picodet'), image, options);
    const { value, low, high } = report.measured[1].speedup;
    const inside = low <= 1 && high >= 1;
    note(results, { run: i + 1, ratio: value.toFixed(3), low: low.toFixed(3), high: high.toFixed(3), inside });
  }
  console.table(results);
  console.log(`1 lies in ${results.filter(({ inside }) => inside).length} of 10 intervals (wanted: 9 or more)`);
}

async function againstPython(names) {
  const rows = [];
  for (const name of names.length > 0 ? names : ['ResNet50', 'picodet_s_320_coco_lcnet', 'shapes_seg_ppliteseg/old']) {
    const engines = ['plain', 'onednn', 'openvino'];
    const backends = engines.flatMap((engine) => [engine, { kind: 'paddle-python', engine, name: `python ${engine}` }]);
    const reports = await inNewProcesses(folderOf(name), { backends, python, runs: 15, rounds: 5, maxSeconds: 6 });
    for (const engine of engines) {
      const pairs = reports.map(({ measured }) =>
        [engine, `python ${engine}`].map((one) => measured.find((row) => row.backend === one)),
      );
      const { text, ratio } = ratioOfPairs(pairs);
      note(rows, { model: name, engine, ...text, met: Math.abs(ratio - 1) <= 0.03 });
    }
  }
  console.table(rows);
}

/**
 * Memory placement makes a process a few per cent faster or slower for its whole life, so a single one is not
 * representative.
 */
async function inNewProcesses(folder, options, processes = 5) {
  const reports = [];
  for (let i = 0; i < processes; i++) reports.push(await lab.compareBackends(folder, image, { ...options, seed: i }));
  return reports;
}

/** For two rows in several reports: the medians of times and ratios, and all ratios. */
function ratioOfPairs(pairs) {
  const both = pairs.filter((pair) => pair.every((row) => row !== undefined));
  const ratios = both.map(([ours, theirs]) => ratioOf(ours, theirs));
  const ms = (side) => `${median(both.map((pair) => pair[side].medianMs)).toPrecision(4)} ms`;
  const ratio = median(ratios);
  const all = ratios.map((one) => one.toFixed(3)).join(' ');
  return { ratio, text: { paddlelab: ms(0), other: ms(1), ratio: ratio.toFixed(3), ratios: all } };
}

async function againstOpenvino(names) {
  const rows = [];
  for (const name of names.length > 0 ? names : allModels().archs) {
    for (const precision of ['fp32', 'bf16']) {
      const backends = [
        ...(precision === 'fp32' ? ['onednn', 'openvino'] : ['onednn-bf16', 'openvino-bf16']),
        { kind: 'openvino-runtime', precision, name: 'own' },
      ];
      const options = { backends, python, runs: 15, rounds: 5, maxSeconds: 6, warmup: 2, timeoutSeconds: 120 };
      const reports = await inNewProcesses(folderOf(name), options);
      const rowsOf = ({ measured }) => [
        measured.filter((row) => row.backend !== 'own').sort((a, b) => a.medianMs - b.medianMs)[0],
        measured.find((row) => row.backend === 'own'),
      ];
      const taken = reports[0].measured.some((row) => row.backend.startsWith('openvino'));
      const [best, own] = rowsOf(reports[0]);
      if (!taken || own === undefined || best === undefined) {
        const others = reports[0].rows.filter((row) => row.kind !== 'measured');
        const missing = others.map((row) => `${row.backend} ${row.kind}`).join(', ');
        note(rows, { model: name, precision, best: `not compared: ${missing}` });
        continue;
      }
      const { text, ratio } = ratioOfPairs(reports.map(rowsOf));
      note(rows, { model: name, precision, best: best.backend, ...text, met: ratio <= 1.05 });
    }
  }
  console.table(rows);
}

async function defaultEngine(names) {
  const { archs, demos } = allModels();
  const rows = [];
  const chosen = names.length > 0 ? names : [...demos, ...archs.flatMap((name) => [`${name}:pdmodel`, `${name}:json`])];
  for (const model of chosen) {
    const [name, format] = model.split(':');
    const folder = folderOf(name);
    const picked = await lab.loadModel(folder, { format }).catch((error) => error);
    if (picked instanceof Error) {
      note(rows, { model, picked: `not loaded: ${picked.message.slice(0, 60)}` });
      continue;
    }
    const { engine, engineReason } = picked.runtime;
    await picked.dispose();
    const options = {
      backends: ['plain', 'onednn', 'onednn-fused', 'openvino'],
      format,
      runs: 15,
      rounds: 5,
      maxSeconds: 4,
      warmup: 2,
    };
    const reports = await inNewProcesses(folder, options, 3);
    // A row of an engine that failed in one of the processes counts as infinitely slow.
    const rowsOf = (name) => reports.map(({ measured }) => measured.find((row) => row.backend === name && row.agrees));
    const medianOf = (name) => median(rowsOf(name).map((row) => row?.medianMs ?? Number.POSITIVE_INFINITY));
    const fastest = options.backends.reduce((best, one) => (medianOf(one) < medianOf(best) ? one : best));
    const [own, best] = [rowsOf(engine), rowsOf(fastest)];
    const pairs = own.map((row, i) => [row, best[i]]);
    const ratio = engine === fastest ? 1 : ratioOfPairs(pairs).ratio;
    const met = own.every((row) => row !== undefined) && ratio <= 1.1;
    note(rows, {
      model,
      picked: engine,
      fastest,
      ratio: ratio.toFixed(3),
      met,
      why: engineReason.slice(0, 70),
    });
  }
  console.table(rows);
  console.log(`${rows.filter(({ met }) => met).length} of ${rows.length} within 10 %`);
}

const commands = { same, python: againstPython, openvino: againstOpenvino, default: defaultEngine };

try {
  const [command, ...names] = process.argv.slice(2);
  if (commands[command] === undefined) throw new Error(`Expected one of ${Object.keys(commands).join(', ')}`);
  await commands[command](names);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
