/** The parts of a wheel's file name: `NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl`. */
export interface WheelName {
  readonly project: string;
  readonly version: string;
  readonly pythons: readonly string[];
  readonly abis: readonly string[];
  readonly platforms: readonly string[];
}

/** The parts of a wheel's name; undefined for other files, and for names that are no plain file names. */
export function parseWheelName(file: string): WheelName | undefined {
  const parts = /^([\w.]+)-([\w.+!]+)(?:-\d\w*)?-([\w.]+)-([\w.]+)-([\w.]+)\.whl$/.exec(file);
  if (parts === null) return undefined;
  const [, project = '', version = '', pythons = '', abis = '', platforms = ''] = parts;
  return {
    project: normalName(project),
    // A local version: `3.0.0+cu118` may be written `3.0.0_cu118`.
    version: version.replace('_', '+'),
    pythons: pythons.split('.'),
    abis: abis.split('.'),
    platforms: platforms.split('.'),
  };
}

/** A project's name as indexes write it (PEP 503). */
export function normalName(project: string): string {
  return project.replace(/[-_.]+/g, '-').toLowerCase();
}

/** Whether `==wanted` takes a version: zeros at the end and a local part (`+cu118`) that was not asked for don't count. */
export function isSameVersion(wanted: string, found: string): boolean {
  const [plain = '', local] = found.split('+');
  const [wantedPlain = '', wantedLocal] = wanted.split('+');
  if (wantedLocal !== undefined && wantedLocal !== local) return false;
  return withoutZeros(plain) === withoutZeros(wantedPlain);
}

function withoutZeros(version: string): string {
  const [, release = '', suffix = ''] = /^(\d+(?:\.\d+)*)(.*)$/.exec(version) ?? [];
  return release.replace(/(\.0+)+$/, '') + suffix;
}

/** Versions in the order of their numbers, each once. */
export function sortVersions(versions: Iterable<string>): string[] {
  return [...new Set(versions)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
