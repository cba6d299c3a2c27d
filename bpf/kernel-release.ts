/**
 * Upstream kernel versions as the tables name them: `6.1`, `5.15`. Stable releases (`6.1.76`) and distribution
 * suffixes (`6.1.0-18-amd64`) compare by their first two numbers, for features arrive with those.
 */

/** `MAJOR.MINOR` of an upstream release. */
export type KernelRelease = `${number}.${number}`;

const RELEASE = /^(\d{1,4})\.(\d{1,4})(?![0-9])/;

/** The upstream version in a release string such as `uname -r` prints; undefined when it does not begin with one. */
export function parseKernelRelease(release: string): KernelRelease | undefined {
  const match = RELEASE.exec(release);
  if (match === null) return undefined;
  return `${Number(match[1])}.${Number(match[2])}`;
}

/** Below zero when `left` is the older one, zero when they are the same release. */
export function compareKernelReleases(left: KernelRelease, right: KernelRelease): number {
  const [leftMajor, leftMinor] = parts(left);
  const [rightMajor, rightMinor] = parts(right);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}

/** True when `version` is `since` or newer. */
export function isAtLeast(version: KernelRelease, since: KernelRelease): boolean {
  return compareKernelReleases(version, since) >= 0;
}

function parts(version: KernelRelease): [number, number] {
  // Number('5.10') would be 5.1: the halves are counted apart.
  const dot = version.indexOf('.');
  return [Number(version.slice(0, dot)), Number(version.slice(dot + 1))];
}
