import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LoopbackServer } from '../helpers/loopback-server';

/** A folder that the caller removes. */
export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'paddlelab-test-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

export interface FakeWheel {
  file: string;
  name: string;
  sha256: string;
  size: number;
}

const VERSION_FILE = (version: string): string =>
  [
    `full_version     = '${version}'`,
    "cuda_version     = 'False'",
    "cudnn_version    = 'False'",
    "tensorrt_version = 'None'",
    `commit           = '${'c'.repeat(40)}'`,
    "with_mkl         = 'ON'",
  ].join('\n');

/** Incompressible data, so that the wheel has a known size for truncation. */
const LIBRARY_SIZE = 3_000_000;

const ZIP_SCRIPT = `
import os, random, sys, zipfile
target, version, size, text = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
noise = random.Random(1).getrandbits(8 * size).to_bytes(size, "little")
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as wheel:
    info = "paddlepaddle-%s.dist-info/" % version
    wheel.writestr("paddle/__init__.py", "raise ImportError")
    wheel.writestr("paddle/version/__init__.py", text)
    wheel.writestr("paddle/base/libpaddle.so", noise)
    wheel.writestr("paddle/libs/libdnnl.so.3", b"dnnl" * 1000)
    wheel.writestr("paddle/libs/libcommon.so", b"common")
    wheel.writestr("paddle/include/paddle/api.h", "none")
    wheel.writestr("_foo.cpython-311-x86_64-linux-gnu.so", b"foo")
    wheel.writestr(info + "LICENSE", "licence")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: paddlepaddle\\nVersion: %s\\n" % version)
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: false\\nTag: cp311-cp311-manylinux1_x86_64\\n")
    wheel.writestr(info + "RECORD", "")
`;

/** A wheel with Paddle's layout and dummy files. */
export function makeWheel(folder: string, version: string): FakeWheel {
  mkdirSync(folder, { recursive: true });
  const name = `paddlepaddle-${version}-cp311-cp311-manylinux1_x86_64.whl`;
  const file = path.join(folder, name);
  execFileSync('python3', ['-c', ZIP_SCRIPT, file, version, String(LIBRARY_SIZE), VERSION_FILE(version)]);
  const bytes = readFileSync(file);
  return { file, name, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

/** A folder like an unpacked wheel. */
export function makeWheelFolder(folder: string, version: string, library = 'base/libpaddle.so'): string {
  for (const [name, text] of Object.entries({
    [library]: 'elf',
    'libs/libcommon.so': 'elf',
    'version/__init__.py': VERSION_FILE(version),
  })) {
    const file = path.join(folder, 'paddle', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/**
 * The index's response to one request for the wheel. `cut` closes the connection after a number of bytes, `stall` stops
 * sending there.
 */
export type Answer = { cut: number } | { stall: number } | { status: number } | 'whole';

const MODEL_SCRIPT = `
import sys, zipfile
target, project, version, inside, folder = sys.argv[1:]
import os
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as wheel:
    info = "%s-%s.dist-info/" % (project, version)
    wheel.writestr(project + "/__init__.py", "raise ImportError")
    for name in sorted(os.listdir(folder)):
        wheel.write(os.path.join(folder, name), inside + "/" + name)
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n" % (project, version))
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")
`;

/** A wheel of another project, with a model's files in the folder `inside`. */
export function makeModelWheel(
  folder: string,
  { project, version, inside, files }: { project: string; version: string; inside: string; files: string },
): FakeWheel {
  mkdirSync(folder, { recursive: true });
  const name = `${project}-${version}-py3-none-any.whl`;
  const file = path.join(folder, name);
  execFileSync('python3', ['-c', MODEL_SCRIPT, file, project, version, inside, files]);
  const bytes = readFileSync(file);
  return { file, name, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

/** A local package index (PEP 503) with responses controlled by the test. */
export class WheelIndex extends LoopbackServer {
  /** The Range header of each request for the wheel; empty if there was none. */
  readonly ranges: string[] = [];
  /** Used one by one; after the last, the whole wheel is served. */
  readonly answers: Answer[] = [];
  /** The hash on the index page, which may be wrong or missing. */
  hash: string | undefined;
  private readonly bytes: Buffer;

  constructor(private readonly wheel: FakeWheel) {
    super(http.createServer((request, response) => this.answer(request, response)));
    this.hash = wheel.sha256;
    this.bytes = readFileSync(wheel.file);
  }

  /** An environment in which pip uses only this index, regardless of the machine's settings. */
  environment(): NodeJS.ProcessEnv {
    return { ...isolatedPip(), PIP_INDEX_URL: `http://${this.host}/simple` };
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = request.url ?? '';
    // Names of projects are normalised: pip asks for rapidocr-paddle.
    const project = (this.wheel.name.split('-')[0] as string).replaceAll('_', '-');
    if (url === `/simple/${project}/`) {
      const fragment = this.hash === undefined ? '' : `#sha256=${this.hash}`;
      response.setHeader('Content-Type', 'text/html');
      response.end(`<html><body><a href="/files/${this.wheel.name}${fragment}">${this.wheel.name}</a></body></html>`);
    } else if (url === `/files/${this.wheel.name}`) {
      this.sendWheel(request, response);
    } else {
      response.writeHead(404).end();
    }
  }

  private sendWheel(request: http.IncomingMessage, response: http.ServerResponse): void {
    const range = request.headers.range ?? '';
    this.ranges.push(range);
    const answer = this.answers.shift() ?? 'whole';
    if (answer !== 'whole' && 'status' in answer) {
      response.writeHead(answer.status).end();
      return;
    }
    const start = Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
    const body = this.bytes.subarray(start);
    const total = this.bytes.length;
    response.writeHead(range === '' ? 200 : 206, {
      'Content-Length': body.length,
      ...(range === '' ? {} : { 'Content-Range': `bytes ${start}-${total - 1}/${total}` }),
    });
    if (answer === 'whole') response.end(body);
    else if ('cut' in answer) response.write(body.subarray(0, answer.cut), () => response.destroy());
    else response.write(body.subarray(0, answer.stall));
  }
}

/** This process's environment without the machine's pip settings. */
export function isolatedPip(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith('PIP_') && !name.startsWith('PADDLELAB_')) environment[name] = value;
  }
  return { ...environment, PIP_CONFIG_FILE: '/dev/null', PIP_DISABLE_PIP_VERSION_CHECK: '1', NO_PROXY: '127.0.0.1' };
}
