// The kernels for comparison, and their connection files. Shared by tests and benchmarks.

const { spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const net = require('node:net');
const path = require('node:path');

const folder = path.resolve(__dirname, '../../.cache/other-kernels');
const CONNECTION = '{connection_file}';
const DENO = '2.9.6';

/**
 * ijavascript depends on a ZeroMQ binding that has to be compiled from downloaded sources. The current binding is
 * prebuilt and has the old API, with one exception: its socket classes can't be extended in the old way.
 */
const ZEROMQ = `
const { EventEmitter } = require('node:events');
const current = require('zeromq-6/v5-compat');
function Socket(type) {
  EventEmitter.call(this);
  const socket = new current.Socket(type);
  socket.emit = (name, ...args) =>
    EventEmitter.prototype.emit.call(name.startsWith('_') ? socket : this, name, ...args);
  this.socket = socket;
}
Socket.prototype = Object.create(EventEmitter.prototype);
for (const name of ['bind', 'unbind', 'connect', 'send', 'monitor', 'unmonitor', 'close']) {
  Socket.prototype[name] = function (...args) {
    this.socket[name](...args);
    return this;
  };
}
Socket.prototype.bindSync = Socket.prototype.bind;
module.exports = { ...current, Socket, socket: (type) => new Socket(type) };
`;

const FILES = {
  'package.json': JSON.stringify({
    private: true,
    dependencies: { deno: DENO, ijavascript: '5.2.1', zeromq: 'file:zeromq' },
    overrides: { zeromq: '$zeromq' },
  }),
  'zeromq/package.json': JSON.stringify({
    ...{ name: 'zeromq', version: '5.3.1', main: 'index.js' },
    dependencies: { 'zeromq-6': 'npm:zeromq@6.8.0' },
  }),
  'zeromq/index.js': ZEROMQ,
};

/** tslab is a dependency of this package. */
const tslab = {
  name: 'tslab',
  version: require('tslab/package.json').version,
  language: 'typescript',
  argv: [
    process.execPath,
    require.resolve('tslab/package.json').replace('package.json', 'bin/tslab'),
    ...['kernel', '--config-path', CONNECTION],
  ],
};

/** The kernels for comparison, installed on first use; undefined, with a printed note, if that fails. */
function ensureOtherKernels() {
  const problem = isInstalled() ? undefined : install();
  if (problem === undefined) return [tslab, ...installedKernels()];
  process.stderr.write(`SKIPPED: Deno and ijavascript could not be installed (${problem})\n`);
  return undefined;
}

/** The kernels available without an installation. */
function otherKernelsAtHand() {
  if (isInstalled()) return [tslab, ...installedKernels()];
  const version = /^deno (\S+)/.exec(spawnSync('deno', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1];
  return version === undefined ? [tslab] : [tslab, denoKernel('deno', version)];
}

/** Free TCP ports, Jupyter's default transport. */
async function tcpConnection() {
  const servers = await Promise.all(
    Array.from(
      { length: 5 },
      () =>
        new Promise((resolve) => {
          const server = net.createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  return { transport: 'tcp', ip: '127.0.0.1', key: 'other', signature_scheme: 'hmac-sha256', ...ports };
}

function denoKernel(program, version) {
  return {
    name: 'Deno',
    version,
    language: 'typescript',
    argv: [program, 'jupyter', '--kernel', '--conn', CONNECTION],
  };
}

function installedKernels() {
  const ijavascript = path.join(folder, 'node_modules/ijavascript');
  return [
    denoKernel(denoProgram(), DENO),
    {
      name: 'ijavascript',
      version: require(path.join(ijavascript, 'package.json')).version,
      language: 'javascript',
      argv: [process.execPath, path.join(ijavascript, 'lib/kernel.js'), CONNECTION],
    },
  ];
}

/** Deno has one package per platform; its own start script would find the same one. */
function denoProgram() {
  return path.join(folder, `node_modules/@deno/${process.platform}-${process.arch}-glibc/deno`);
}

function isInstalled() {
  const stamp = path.join(folder, 'installed.json');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === JSON.stringify(FILES) && existsSync(denoProgram());
}

function install() {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) return error?.message ?? stderr.trim().split('\n')[0];
  if (!existsSync(denoProgram())) return `Deno has no package for ${process.platform}-${process.arch}`;
  writeFileSync(path.join(folder, 'installed.json'), JSON.stringify(FILES));
  return undefined;
}

module.exports = { ensureOtherKernels, otherKernelsAtHand, tcpConnection };
