import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The reference packages of each environment. */
const environments = {
  /** The golden vectors were made with the same OpenCV. */
  opencv: ['opencv-python-headless==4.6.0.66', 'numpy<2', 'pillow==10.4.0'],
  /** PaddleX's OpenCV: `fillPoly` differs between versions. */
  text: ['opencv-python-headless==4.10.0.84', 'numpy<2', 'pyclipper==1.4.0', 'shapely==2.0.7'],
};

/** Commands to create an environment and install packages; the first that works is used. */
const makers = [
  {
    create: (prefix) => ['python3', '-m', 'venv', prefix],
    install: (python) => [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
  },
  {
    create: (prefix) => ['uv', 'venv', '--quiet', prefix],
    install: (python) => ['uv', 'pip', 'install', '--quiet', '--python', python],
  },
];

/**
 * The interpreter of a private environment with OpenCV and numpy, created on first use; undefined, with a printed note,
 * if that fails.
 */
export function ensureOpenCv(name = 'opencv') {
  const packages = environments[name];
  const prefix = path.resolve(path.dirname(fileURLToPath(import.meta.url)), `../../.cache/python-${name}`);
  const python = path.join(prefix, 'bin', 'python');
  const stamp = path.join(prefix, 'packages.txt');
  if (existsSync(stamp)) return python;
  mkdirSync(path.dirname(prefix), { recursive: true });
  const failures = [];
  for (const { create, install } of makers) {
    rmSync(prefix, { recursive: true, force: true });
    const failure = run(create(prefix)) ?? run([...install(python), ...packages]);
    if (failure === undefined) {
      // Written last: without it, the next run starts over.
      writeFileSync(stamp, packages.join('\n'));
      return python;
    }
    failures.push(failure);
  }
  process.stderr.write(`SKIPPED: no Python environment with OpenCV could be made (${failures.join('; ')})\n`);
  return undefined;
}

function run([program, ...args]) {
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim().split('\n').at(-1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(ensureOpenCv(process.argv[2]) ?? '');
