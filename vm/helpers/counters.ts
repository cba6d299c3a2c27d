/** Hardware counters (kernel/trace/bpf_trace.c): no perf event counts here, so that every slot of a map is empty. */
import { E2BIG, EINVAL, ENOENT, EOPNOTSUPP } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import {
  entry,
  flagsArgument,
  type HelperEntry,
  mapArgument,
  memoryArgument,
  sizeArgument,
} from './arguments.ts';
import { warning } from './unsupported.ts';

/** `struct bpf_perf_event_value` */
const VALUE_SIZE = 24;
/** BPF_F_CURRENT_CPU; other flags are too large. */
const CURRENT_CPU = 0xffff_ffff;
/** BPF_F_GET_BRANCH_RECORDS_SIZE */
const BRANCH_FLAGS = 1;

export function counterHelpers(machine: Machine): readonly HelperEntry[] {
  const tell = warning('bpf_perf_prog_read_value', 'no perf event counts here', EOPNOTSUPP, (message) =>
    machine.warn(message),
  );
  return [
    entry('perf_event_read', (r) => setResult(r, emptySlot(machine, r))),
    entry('perf_event_read_value', (r) =>
      setResult(
        r,
        cleared(machine, r, 3, () => emptySlot(machine, r)),
      ),
    ),
    entry('perf_prog_read_value', (r) => {
      const problem = cleared(machine, r, 2, () => EOPNOTSUPP);
      if (problem === EOPNOTSUPP) tell(r);
      else setResult(r, problem);
    }),
    // Linux, too, has branch records only where the processor took them.
    entry('read_branch_records', (r) => {
      const flags = flagsArgument(r, 4);
      setResult(r, flags >= 0 && flags <= BRANCH_FLAGS ? ENOENT : EINVAL);
    }),
    entry('get_branch_snapshot', (r) => setResult(r, flagsArgument(r, 3) === 0 ? ENOENT : EINVAL)),
  ];
}

/** `get_map_perf_counter`: r1 map, r2 slot. */
function emptySlot(machine: Machine, r: Int32Array): number {
  const map = mapArgument(machine, r, 1);
  const flags = flagsArgument(r, 2);
  if (flags < 0) return EINVAL;
  const slot = flags === CURRENT_CPU ? machine.cpu : flags;
  return slot >= map.definition.maxEntries ? E2BIG : ENOENT;
}

/** Zeroes the value in argument `n`, whose size is in the next. */
function cleared(machine: Machine, r: Int32Array, n: number, problem: () => number): number {
  const size = sizeArgument(machine, r, n + 1);
  const target = memoryArgument(machine, r, n, size, true);
  machine.memory.u8.fill(0, target, target + size);
  return size === VALUE_SIZE ? problem() : EINVAL;
}
