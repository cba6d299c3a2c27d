/** Kernel functions about maps: elements, pages of arenas, work queues (kernel/bpf/map_iter.c, arena.c, helpers.c). */
import { type LinearAddress, USER_TAG } from '../address.ts';
import { EINVAL } from '../errno.ts';
import { setResult, setResultPair } from '../helper-port.ts';
import { flagsArgument, mapArgument, memoryArgument } from '../helpers/arguments.ts';
import { setCallback } from '../helpers/timers.ts';
import type { Machine } from '../machine.ts';
import { ArenaMap } from '../maps/arena-map.ts';
import { HashMap } from '../maps/hash-map.ts';
import type { KfuncEntry } from './entry.ts';

const WORK_SIZE = 16;

export function mapKfuncs(machine: Machine): readonly KfuncEntry[] {
  return [
    [
      'bpf_map_sum_elem_count',
      (r) => {
        const map = mapArgument(machine, r, 1);
        // Other types do not count.
        setResultPair(r, map instanceof HashMap ? map.count() : 0, 0);
      },
    ],
    [
      'bpf_arena_alloc_pages',
      (r) => {
        const pages = arena(machine, r).allocate(r[4]!, r[6]! >>> 0);
        setResultPair(r, pages, pages === 0 ? 0 : USER_TAG);
      },
    ],
    [
      'bpf_arena_free_pages',
      (r) => {
        arena(machine, r).free(r[4]!, r[6]! >>> 0);
        setResult(r, 0);
      },
    ],
    ['bpf_wq_init', (r) => setResult(r, initWork(machine, r))],
    [
      'bpf_wq_set_callback_impl',
      (r) => setResult(r, flagsArgument(r, 3) === 0 ? setCallback(machine, r, 'work') : EINVAL),
    ],
    [
      'bpf_wq_start',
      (r) => setResult(r, r[4] === 0 ? machine.async.start('work', work(machine, r), 0, false) : EINVAL),
    ],
  ];
}

function arena(machine: Machine, r: Int32Array): ArenaMap {
  const map = mapArgument(machine, r, 1);
  if (map instanceof ArenaMap) return map;
  throw machine.fault('target', `map ${map.definition.name} is no arena`);
}

function work(machine: Machine, r: Int32Array): LinearAddress {
  return memoryArgument(machine, r, 1, WORK_SIZE, true);
}

/** r1 field, r2 map, r3 flags. */
function initWork(machine: Machine, r: Int32Array): number {
  const map = mapArgument(machine, r, 2);
  return r[6] === 0 ? machine.async.init('work', work(machine, r), map, 0) : EINVAL;
}
