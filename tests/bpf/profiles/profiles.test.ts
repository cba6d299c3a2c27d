import { describe, expect, test } from 'vitest';
import { compareKernelReleases, isAtLeast, parseKernelRelease } from '../../../bpf/kernel-release.ts';
import {
  FEATURES,
  limitsOf,
  profileFor,
  supports,
  supportsHelper,
  supportsMapType,
  supportsOp,
  supportsProgramType,
} from '../../../bpf/profiles/index.ts';

describe('releases', () => {
  test('compare by number, not by text', () => {
    expect(compareKernelReleases('5.10', '5.4')).toBeGreaterThan(0);
    expect(compareKernelReleases('4.20', '5.0')).toBeLessThan(0);
    expect(isAtLeast('6.1', '6.1')).toBe(true);
  });

  test.each([
    ['6.1.0-18-cloud-amd64', '6.1'],
    ['5.15.153.1-microsoft-standard-WSL2', '5.15'],
    ['6.18', '6.18'],
    ['linux', undefined],
    ['6.', undefined],
  ])('%s', (text, want) => {
    expect(parseKernelRelease(text)).toBe(want);
  });
});

describe('profiles', () => {
  test('the newest by default; a version of numbers, or a release', () => {
    expect(profileFor().release).toBe('6.18');
    expect(profileFor({ major: 5, minor: 4, patch: 230 }).release).toBe('5.4');
    expect(profileFor('5.4')).toEqual(profileFor({ major: 5, minor: 4, patch: 0 }));
  });

  test.each([
    ['5.7', 'ringbuf', false],
    ['5.8', 'ringbuf', true],
    ['5.16', 'bpf_loop', false],
    ['5.17', 'bpf_loop', true],
    ['5.13', 'for_each_map_elem', true],
    ['5.2', 'bounded_loops', false],
    ['5.3', 'bounded_loops', true],
    ['5.5', 'probe_read_kernel', true],
    ['5.18', 'kprobe_multi', true],
    ['6.8', 'may_goto', false],
    ['6.18', 'indirect_jumps', false],
  ] as const)('%s: %s %s', (release, feature, want) => {
    expect(supports(profileFor(release), feature)).toBe(want);
  });

  test('features stand oldest first', () => {
    const releases = Object.values(FEATURES).map(({ since }) => since);
    expect(releases).toEqual([...releases].sort(compareKernelReleases));
  });

  test('instructions, helpers, map and program types by their own tables', () => {
    const old = profileFor('5.4');
    expect(supportsOp(old, 'jeq32_k')).toBe(true);
    expect(supportsOp(old, 'atomic_fetch_add64')).toBe(false);
    expect(supportsOp(profileFor('6.18'), 'callx')).toBe(false);
    expect(supportsHelper(old, 'probe_read')).toBe(true);
    expect(supportsHelper(old, 'probe_read_kernel')).toBe(false);
    expect(supportsMapType(old, 'ringbuf')).toBe(false);
    expect(supportsProgramType(old, 'raw_tracepoint')).toBe(true);
    expect(supportsProgramType(old, 'tracing')).toBe(false);
  });

  test('levels and limits', () => {
    expect(['4.9', '4.19', '5.4', '6.6'].map((one) => profileFor(one as '4.9').level)).toEqual([1, 2, 3, 4]);
    expect(limitsOf('5.1').instructions).toBe(4096);
    expect(limitsOf('5.2').instructions).toBe(1_000_000);
  });
});
