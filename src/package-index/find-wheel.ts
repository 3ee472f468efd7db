import { messageOf, PaddleLabError } from '../errors';
import { StatusError } from '../http/failures';
import { throwIfAborted } from '../validate';
import type { ListedFile } from './index-page';
import { type ListOptions, listFiles } from './list-files';
import { type PlatformTags, platformTags } from './platform-tags';
import type { Place } from './settings/index-settings';
import { isSameVersion, normalName, parseWheelName, sortVersions, type WheelName } from './wheel-name';
import type { WheelRelease } from './wheel-release';

interface Candidate {
  readonly file: ListedFile;
  readonly wheel: WheelName;
}

/**
 * Finds a wheel in the places of the user's settings.
 *
 * @throws PaddleLabError RUNTIME_INSTALL_FAILED with what the places have, ABORTED
 */
export async function findWheel(
  release: WheelRelease,
  places: readonly Place[],
  options: ListOptions,
): Promise<ListedFile> {
  const listed: Candidate[] = [];
  const problems: Error[] = [];
  // As in pip, a place that fails does not keep the others from giving the wheel.
  const answers = await Promise.allSettled(places.map((place) => listFiles(place, release.name, options)));
  throwIfAborted(options.signal);
  for (const answer of answers) {
    if (answer.status === 'fulfilled') listed.push(...candidatesOf(answer.value, release));
    else problems.push(answer.reason instanceof Error ? answer.reason : new Error(messageOf(answer.reason)));
  }
  const tags = platformTags();
  const fitting = listed.filter(({ wheel }) => rankOf(wheel, release, tags) !== undefined);
  const same = fitting.filter(({ wheel }) => isSameVersion(release.version, wheel.version));
  const usable = same.filter(({ file }) => file.yanked === undefined);
  const [withdrawn] = same;
  if (usable.length > 0) return choose(usable, release, tags);
  if (withdrawn !== undefined) throw yanked(release, withdrawn, fitting);
  const silent = problems.length === places.length && !problems.some(isAnswer);
  throw missing(release, listed, fitting, problems, silent);
}

function candidatesOf(files: readonly ListedFile[], { name }: WheelRelease): Candidate[] {
  return files.flatMap((file) => {
    const wheel = parseWheelName(file.name);
    return wheel?.project === normalName(name) ? [{ file, wheel }] : [];
  });
}

/** The lower, the better; undefined if the wheel is not for this CPython and platform. */
function rankOf(
  { pythons, abis, platforms }: WheelName,
  { cpython }: WheelRelease,
  tags: PlatformTags,
): number | undefined {
  const exact = pythons.includes(cpython) && abis.includes(cpython);
  const pure = pythons.includes('py3') && abis.includes('none');
  if (!exact && !pure) return undefined;
  const ranks = platforms.map((platform) => (platform === 'any' ? tags.wheels.length : tags.wheels.indexOf(platform)));
  const known = ranks.filter((rank) => rank >= 0);
  return known.length === 0 ? undefined : Math.min(...known) + (exact ? 0 : 100);
}

/** The wheel with the pinned hash, else the one whose tags are preferred. */
function choose(candidates: readonly Candidate[], release: WheelRelease, tags: PlatformTags): ListedFile {
  const { sha256 } = release;
  const allowed = candidates.filter(({ file }) => (file.sha256 ?? sha256) === (sha256 ?? file.sha256));
  const rank = ({ file, wheel }: Candidate): number =>
    (sha256 !== undefined && file.sha256 !== sha256 ? 1000 : 0) + (rankOf(wheel, release, tags) ?? 0);
  const [best] = allowed.sort((a, b) => rank(a) - rank(b));
  if (best !== undefined) return best.file;
  const [other] = candidates;
  throw new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `Expected SHA-256 ${sha256} for ${other?.file.name} but received ${other?.file.sha256} from the index, so nothing ` +
      'was downloaded; the index or mirror has another file, so name another one in PIP_INDEX_URL',
  );
}

/** A wheel in words. */
export function wheelWords({ name, version, cpython }: WheelRelease): string {
  return `${name} ${version} (${cpython}, ${platformTags().words})`;
}

/** The error for a version that no place has; `versions` are those that there are. */
export function notOnIndex(
  release: WheelRelease,
  versions: readonly string[],
  details: { readonly nothing: string; readonly more?: string; readonly cause?: unknown },
): PaddleLabError {
  const next =
    versions.length === 0
      ? details.nothing
      : `it has ${versions.join(', ')}; choose one of them, or name another index in PIP_EXTRA_INDEX_URL`;
  return new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `Expected a wheel ${wheelWords(release)} on the package index but found none; ${next}${details.more ?? ''}`,
    details.cause === undefined ? {} : { cause: details.cause },
  );
}

/** A server that has nothing of the project has answered. */
function isAnswer(problem: Error): boolean {
  return problem instanceof StatusError && [404, 410].includes(problem.status);
}

function missing(
  release: WheelRelease,
  listed: readonly Candidate[],
  fitting: readonly Candidate[],
  problems: readonly Error[],
  silent: boolean,
): PaddleLabError {
  const [cause] = problems;
  const others = listed.filter(({ wheel }) => isSameVersion(release.version, wheel.version));
  const files = others.map(({ file }) => file.name).join(', ');
  return notOnIndex(release, versionsOf(fitting), {
    nothing: silent
      ? 'no index could be asked, so check the network and its settings (pip.conf, PIP_INDEX_URL, PIP_PROXY)'
      : 'it lists no such wheel at all, so check the name of the index (pip.conf, PIP_INDEX_URL)',
    more:
      (files === '' ? '' : `. Of ${release.version} it only has ${files}`) +
      problems.map((problem) => `. ${messageOf(problem)}`).join(''),
    ...(cause === undefined ? {} : { cause }),
  });
}

function yanked(release: WheelRelease, { file }: Candidate, fitting: readonly Candidate[]): PaddleLabError {
  const reason = file.yanked === '' || file.yanked === undefined ? '' : ` (${file.yanked})`;
  const others = versionsOf(fitting).filter((version) => !isSameVersion(release.version, version));
  const next = others.length === 0 ? 'it has no other version' : `it has ${others.join(', ')}; choose one of them`;
  return new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `Expected a wheel ${wheelWords(release)} but the index has withdrawn ${file.name}${reason}; ${next}`,
  );
}

function versionsOf(candidates: readonly Candidate[]): string[] {
  const usable = candidates.filter(({ file }) => file.yanked === undefined);
  return sortVersions(usable.map(({ wheel }) => wheel.version));
}
