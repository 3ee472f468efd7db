// The first step of `npm start`, `npm test` and `npm run build`. Plain JavaScript without packages, because on a
// bare clone there is neither a compiler nor node_modules yet. Each part is skipped when its result is up to date.
'use strict';

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const stamps = path.join(root, '.cache', 'stamps');

function say(text) {
  process.stderr.write(`paddlelab: ${text}\n`);
}

function run(title, command, args, options = {}) {
  say(`${title} …`);
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (result.error) {
    say(`error: ${title} needs ${command}, which can't be started (${result.error.code})`);
    process.exit(1);
  }
  if (result.status !== 0) {
    say(`${title} failed: ${command} ${args.join(' ')} ended with ${result.status ?? result.signal}`);
    process.exit(result.status ?? 1);
  }
}

/** What compiles the addon: programs, and the packages that bring them. */
const TOOLS = [
  { program: process.env.CXX || 'g++', apt: 'g++', dnf: 'gcc-c++' },
  { program: 'make', apt: 'make', dnf: 'make' },
  { program: 'python3', apt: 'python3', dnf: 'python3' },
];

function isOnPath(program) {
  const folders = program.includes('/') ? [''] : (process.env.PATH || '').split(path.delimiter);
  return folders.some((folder) => fs.existsSync(path.join(folder, program.split(' ')[0])));
}

/** Says before a long step what would end it, and the line that installs it. */
function needTools() {
  const missing = TOOLS.filter(({ program }) => !isOnPath(program));
  if (missing.length === 0) return;
  const line = (manager, names) => `${process.getuid() === 0 ? '' : 'sudo '}${manager} install -y ${names.join(' ')}`;
  const apt = line(
    'apt-get',
    missing.map((tool) => tool.apt),
  );
  const dnf = line(
    'dnf',
    missing.map((tool) => tool.dnf),
  );
  say(`error: compiling the native addon needs ${missing.map((tool) => tool.program).join(', ')}, not found on PATH`);
  if (isOnPath('apt-get')) say(`install what is missing: ${apt}`);
  else if (isOnPath('dnf')) say(`install what is missing: ${dnf}`);
  else say(`install what is missing: ${apt} (Debian, Ubuntu), ${dnf} (Fedora, RHEL)`);
  process.exit(1);
}

function needNode(current) {
  const wanted = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).engines.node.replace('>=', '');
  const [major, minor] = current.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  say(`error: expected Node.js ${wanted} or newer but this is ${current}; install one: https://nodejs.org`);
  process.exit(1);
}

/** Every file below a folder that the filter takes, sorted. */
function filesBelow(folder, take) {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && take(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file));
  return hash.digest('hex');
}

/** Does the work unless the inputs are as they were when it last succeeded and the outputs are there. */
function upToDate(name, inputs, outputs, work) {
  const stamp = path.join(stamps, name);
  const now = digest(inputs);
  const before = fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') : '';
  if (before === now && outputs.every((output) => fs.existsSync(path.join(root, output)))) return;
  // Work that fails half-way may leave other outputs than those that the stamp speaks of.
  fs.rmSync(stamp, { force: true });
  work();
  fs.mkdirSync(stamps, { recursive: true });
  fs.writeFileSync(stamp, now);
}

function ensurePackages() {
  upToDate('packages', [path.join(root, 'package-lock.json')], ['node_modules/.package-lock.json'], () => {
    run('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund']);
  });
}

function ensureAddon() {
  const inputs = filesBelow('native/src', () => true).concat(path.join(root, 'native/binding.gyp'));
  const outputs = ['native/build/Release/paddlelab.node', 'native/build/Release/paddle_stubs.node'];
  upToDate('addon', inputs, outputs, () => {
    needTools();
    const gyp = path.join(root, 'node_modules/node-gyp/bin/node-gyp.js');
    const args = [gyp, 'rebuild', '--directory', 'native', '--silent', '--jobs', 'max'];
    // Node's own headers, where it was installed with them, spare a download.
    const prefix = path.resolve(process.execPath, '../..');
    if (fs.existsSync(path.join(prefix, 'include/node/node_api.h'))) args.push('--nodedir', prefix);
    run('Compiling the native addon', process.execPath, args);
  });
}

function ensureCompiled() {
  const inputs = filesBelow('src', (name) => name.endsWith('.ts')).concat(path.join(root, 'tsconfig.json'));
  upToDate('compiled', inputs, ['dist/index.js', 'dist/cli/main.js'], () => {
    // By its path: tslab brings a TypeScript of its own, and both are called `tsc`.
    run('Compiling TypeScript', process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']);
  });
}

/** Style and types of sources and tests, before the tests themselves. */
function check() {
  run('Checking style', process.execPath, [
    'node_modules/@biomejs/biome/bin/biome',
    'check',
    '--error-on-warnings',
    '.',
  ]);
  run('Checking types', process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'test/tsconfig.json']);
}

/** What builds the documentation site has packages of its own, which nothing else needs. */
function ensureDocsPackages() {
  upToDate(
    'docs-packages',
    [path.join(root, 'docs/package-lock.json')],
    ['docs/node_modules/.package-lock.json'],
    () => {
      run('Installing what builds the documentation', 'npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
        cwd: path.join(root, 'docs'),
      });
    },
  );
}

function vitest(config, args) {
  const result = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = result.status ?? 1;
}

function main([task, ...args]) {
  needNode(process.versions.node);
  ensurePackages();
  ensureAddon();
  if (task === 'native') return;
  ensureCompiled();
  if (task === 'compile') return;
  if (task === 'start') require(path.join(root, 'dist/dev/start.js')).main(args);
  else if (task === 'pack') require(path.join(root, 'dist/dev/pack.js')).main(args);
  else if (task === 'notebooks') require(path.join(root, 'dist/dev/save-notebooks.js')).main();
  else if (task === 'docs') {
    ensureDocsPackages();
    require(path.join(root, 'dist/dev/docs/build.js')).main(args);
  } else if (task === 'check') check();
  else if (task === 'test') {
    if (args.length === 0) check();
    vitest('vitest.config.mts', args);
  } else if (task === 'test:long') vitest('test/long/vitest.config.mts', args);
  else if (task === 'test:gpu') vitest('test/gpu/vitest.config.mts', args);
  else if (task === 'bench')
    spawnSync(process.execPath, ['test/bench/bench.mjs', ...args], { cwd: root, stdio: 'inherit' });
  else throw new Error(`Unknown task ${task}`);
}

main(process.argv.slice(2));
