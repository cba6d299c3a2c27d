/** Helpers that tell how a program came to run, and of the kernel's symbols and types (kernel/trace/bpf_trace.c, syscall.c). */
import { BTF_KINDS } from '../../bpf/btf/wire.ts';
import type { LinearAddress } from '../../vm/address.ts';
import { E2BIG, EAGAIN, EBADF, EINVAL, ENOENT } from '../../vm/errno.ts';
import { setResult, setResultPair } from '../../vm/helper-port.ts';
import {
  entry,
  type HelperEntry,
  mapArgument,
  memoryArgument,
  sizeArgument,
} from '../../vm/helpers/arguments.ts';
import { endedString } from '../../vm/helpers/print.ts';
import type { Machine } from '../../vm/machine.ts';
import { CgroupArrayMap } from '../../vm/maps/cgroup-array-map.ts';
import type { ExecutionContext } from './execution-context.ts';

export function traceHelpers(context: ExecutionContext, machine: Machine): readonly HelperEntry[] {
  const zero = (r: Int32Array): void => setResult(r, 0);
  return [
    // Neither attachment here has an address or a cookie: Linux gives 0 then.
    entry('get_func_ip', zero),
    entry('get_attach_cookie', zero),
    entry('get_func_arg', (r) => setResult(r, functionArgument(machine, r))),
    entry('get_func_ret', (r) => setResult(r, functionResult(machine, r))),
    entry('get_func_arg_cnt', (r) => setResultPair(r, argumentCount(machine, r), 0)),
    entry('current_task_under_cgroup', (r) => setResult(r, underCgroup(context, machine, r))),
    entry('kallsyms_lookup_name', (r) => setResult(r, symbolAddress(context, machine, r))),
    entry('btf_find_by_name_kind', (r) => setResult(r, typeByName(context, machine, r))),
    // There is no file that could be closed.
    entry('sys_close', (r) => setResult(r, EBADF)),
  ];
}

/** The word before the context of a program that runs at a function. */
function argumentCount(machine: Machine, r: Int32Array): number {
  const before = (r[2]! | 0) - 8;
  return machine.memory.regions.covers(before >>> 0, 8, false) ? machine.memory.readLow(before) : 0;
}

/** r1 context, r2 number, r3 the value. */
function functionArgument(machine: Machine, r: Int32Array): number {
  const target = memoryArgument(machine, r, 3, 8, true);
  const number = r[4]! >>> 0;
  if (number >= argumentCount(machine, r)) return EINVAL;
  machine.memory.u8.copyWithin(target, r[2]! + number * 8, r[2]! + number * 8 + 8);
  return 0;
}

/** r1 context, r2 the value: what lies behind the arguments. */
function functionResult(machine: Machine, r: Int32Array): number {
  const target = memoryArgument(machine, r, 2, 8, true);
  const source = r[2]! + argumentCount(machine, r) * 8;
  machine.memory.u8.copyWithin(target, source, source + 8);
  return 0;
}

/** r1 map, r2 slot: 1 when the current task is in that cgroup or below it. */
function underCgroup({ task, world }: ExecutionContext, machine: Machine, r: Int32Array): number {
  const map = mapArgument(machine, r, 1);
  const slot = r[4]! >>> 0;
  if (!(map instanceof CgroupArrayMap)) return EINVAL;
  if (slot >= map.definition.maxEntries) return E2BIG;
  const cgroup = map.cell(slot);
  if (cgroup === 0) return EAGAIN;
  const path = world.cgroupPath?.(task.cgroupId) ?? [task.cgroupId];
  return path.includes(cgroup) ? 1 : 0;
}

/** A name in argument 1, its bytes with the end mark in the next; undefined when it is none. */
function nameArgument(machine: Machine, r: Int32Array): string | undefined {
  const size = sizeArgument(machine, r, 2);
  const at: LinearAddress = memoryArgument(machine, r, 1, size);
  if (size <= 1 || machine.memory.u8[at + size - 1] !== 0) return undefined;
  return endedString(machine, at, size);
}

/** r1 name, r2 its size, r3 flags, r4 the address. */
function symbolAddress(context: ExecutionContext, machine: Machine, r: Int32Array): number {
  const target = memoryArgument(machine, r, 4, 8, true);
  machine.memory.writePair(target, 0, 0);
  const name = nameArgument(machine, r);
  if (r[6] !== 0 || name === undefined) return EINVAL;
  const lookup = context.world.info?.();
  if (lookup?.symbolAddress === undefined) {
    context.warn('bpf_kallsyms_lookup_name: the kernel’s symbols are not known here');
    return ENOENT;
  }
  const address = lookup.symbolAddress(name) ?? 0n;
  const half = (value: bigint): number => Number(BigInt.asIntN(32, value));
  machine.memory.writePair(target, half(address), half(address >> 32n));
  return address === 0n ? ENOENT : 0;
}

/** r1 name, r2 its size, r3 kind, r4 flags. The type's id. */
function typeByName(context: ExecutionContext, machine: Machine, r: Int32Array): number {
  const name = nameArgument(machine, r);
  if (r[8] !== 0 || name === undefined) return EINVAL;
  const btf = context.world.info?.().btf;
  if (btf === undefined) {
    context.warn('bpf_btf_find_by_name_kind: the kernel tells no types here');
    return ENOENT;
  }
  const kind = BTF_KINDS[r[6]! >>> 0];
  return kind === undefined ? ENOENT : (btf.find(name, kind) ?? ENOENT);
}
