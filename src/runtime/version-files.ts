/** The contents of a version file. */
export interface VersionFacts {
  version: string;
  commit?: string;
  device: 'cpu' | 'gpu';
  cuda?: string;
  cudnn?: string;
  tensorrt?: string;
  mkl: boolean;
  /** Only in newer C++ packages; otherwise derived from the libraries next to it. */
  openvino?: boolean;
}

/** Reads `paddle/version/__init__.py` of a wheel: Python assignments of plain strings. */
export function parseWheelVersion(text: string): VersionFacts {
  const value = (name: string): string | undefined =>
    meaningful(new RegExp(`^${name}\\s*=\\s*['"]([^'"]*)['"]`, 'm').exec(text)?.[1]);
  const cuda = value('cuda_version');
  return {
    version: value('full_version') ?? 'unknown',
    commit: value('commit'),
    device: cuda === undefined ? 'cpu' : 'gpu',
    cuda,
    cudnn: value('cudnn_version'),
    tensorrt: value('tensorrt_version'),
    mkl: value('with_mkl') === 'ON',
  };
}

/** Reads `version.txt` of the C++ package: `KEY: value` lines. */
export function parseCppVersion(text: string): VersionFacts {
  const value = (name: string): string | undefined =>
    meaningful(new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'im').exec(text)?.[1]?.trim());
  const gpu = value('WITH_GPU') === 'ON';
  return {
    // Packages before 3.0 don't have this line.
    version: value('Paddle version')?.replace(/^v/, '') ?? 'unknown',
    commit: value('GIT COMMIT ID'),
    device: gpu ? 'gpu' : 'cpu',
    cuda: gpu ? value('CUDA version') : undefined,
    cudnn: gpu ? value('CUDNN version')?.replace(/^v/, '') : undefined,
    tensorrt: value('TensorRT version')?.replace(/^v/, ''),
    mkl: value('WITH_MKL') === 'ON',
    openvino: value('WITH_OPENVINO') === 'ON',
  };
}

/** Paddle writes 'False', 'None' or nothing for a missing feature. */
function meaningful(value: string | undefined): string | undefined {
  return value === undefined || ['', 'False', 'None', 'OFF', '0'].includes(value) ? undefined : value;
}
