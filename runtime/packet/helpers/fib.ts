/** `bpf_fib_lookup` on a machine that has no routes. */
import { EAFNOSUPPORT, EINVAL } from '../../../vm/errno.ts';
import { setResult } from '../../../vm/helper-port.ts';
import { entry, type HelperEntry, memoryArgument } from '../../../vm/helpers/arguments.ts';
import type { Machine } from '../../../vm/machine.ts';

/** `sizeof(struct bpf_fib_lookup)`. */
const PARAMETERS = 64;
/** BPF_FIB_LOOKUP_MASK of Linux 6.18. */
const KNOWN = 0x3f;
const AF_INET = 2;
const AF_INET6 = 10;
/** BPF_FIB_LKUP_RET_NOT_FWDED. */
const NOT_FORWARDED = 4;

export function fibHelper(machine: Machine): HelperEntry {
  return entry('fib_lookup', (r) => setResult(r, lookup(machine, r)));
}

/** r2 parameters, r3 their size, r4 flags. */
function lookup(machine: Machine, r: Int32Array): number {
  const size = r[6]!;
  if (size < PARAMETERS || (r[8]! & ~KNOWN) !== 0) return EINVAL;
  const family = machine.memory.u8[memoryArgument(machine, r, 2, size, true)]!;
  return family === AF_INET || family === AF_INET6 ? NOT_FORWARDED : EAFNOSUPPORT;
}
