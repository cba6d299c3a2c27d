/** What an argument may be: how to get it into a register. r6 is the context, r7 any number, r8 a map value, r9 one that may be null. */
import type { MapTypeName } from '../../../bpf/maps.ts';
import type { CaseMap } from '../../../verifier/case/case.ts';

/** One map of each type a test can make without a network device. */
export const MAPS: Readonly<Record<string, CaseMap>> = Object.fromEntries(
  (
    [
      ['hash', 8, 64, 4],
      ['array', 4, 64, 4],
      ['prog_array', 4, 4, 4],
      ['perf_event_array', 4, 4, 4],
      ['percpu_hash', 8, 64, 4],
      ['percpu_array', 4, 64, 4],
      ['stack_trace', 4, 128, 4],
      ['cgroup_array', 4, 4, 4],
      ['lru_hash', 8, 64, 4],
      ['lru_percpu_hash', 8, 64, 4],
      ['devmap', 4, 4, 4],
      ['sockmap', 4, 4, 4],
      ['cpumap', 4, 4, 4],
      ['xskmap', 4, 4, 4],
      ['sockhash', 8, 4, 4],
      ['reuseport_sockarray', 4, 4, 4],
      ['queue', 0, 64, 4],
      ['stack', 0, 64, 4],
      ['devmap_hash', 4, 4, 4],
      ['ringbuf', 0, 0, 4096],
      ['bloom_filter', 0, 64, 4],
      ['user_ringbuf', 0, 0, 4096],
    ] as const
  ).map(([type, keySize, valueSize, maxEntries]) => [
    type,
    { type: type as MapTypeName, keySize, valueSize, maxEntries, flags: 0, name: type },
  ]),
);

/** Text that makes r6 ... r9 what the kinds below name; 32 bytes below r10 are zero. */
export const PROLOGUE = `
r6 = r1
r7 = 0
*(u64 *)(r10 - 8) = r7
*(u64 *)(r10 - 16) = r7
*(u64 *)(r10 - 24) = r7
*(u64 *)(r10 - 32) = r7
r1 = map[array]
r2 = r10
r2 += -8
call bpf_map_lookup_elem
if r0 == 0 goto out
r8 = r0
r1 = map[hash]
r2 = r10
r2 += -8
call bpf_map_lookup_elem
r9 = r0
call bpf_get_prandom_u32
r7 = r0
`;

export const EPILOGUE = `
out:
r0 = 0
exit
`;

/** By name, the text that puts the value into register `r`. */
export const VALUES: Readonly<Record<string, (r: string) => string>> = {
  nothing: () => '',
  zero: (r) => `${r} = 0`,
  one: (r) => `${r} = 1`,
  eight: (r) => `${r} = 8`,
  large: (r) => `${r} = 65`,
  negative: (r) => `${r} = -1`,
  unknown: (r) => `${r} = r7`,
  bounded: (r) => `${r} = r7\n${r} &= 15`,
  context: (r) => `${r} = r6`,
  'context+8': (r) => `${r} = r6\n${r} += 8`,
  frame: (r) => `${r} = r10`,
  stack: (r) => `${r} = r10\n${r} += -32`,
  'stack-uninitialised': (r) => `${r} = r10\n${r} += -64`,
  'stack-unaligned': (r) => `${r} = r10\n${r} += -31`,
  'stack-variable': (r) => `${r} = r7\n${r} &= 7\n${r} += r10\n${r} += -32`,
  value: (r) => `${r} = r8`,
  'value+60': (r) => `${r} = r8\n${r} += 60`,
  'value+variable': (r) => `${r} = r7\n${r} &= 31\n${r} += r8`,
  'value-or-null': (r) => `${r} = r9`,
  array: (r) => `${r} = map[array]`,
  ringbuf: (r) => `${r} = map[ringbuf]`,
  perf: (r) => `${r} = map[perf_event_array]`,
  stacks: (r) => `${r} = map[stack_trace]`,
  programs: (r) => `${r} = map[prog_array]`,
  function: (r) => `${r} = func[pc+0]`,
};
