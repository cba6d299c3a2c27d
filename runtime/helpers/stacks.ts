/**
 * `bpf_get_stackid` and `bpf_get_stack` (kernel/bpf/stackmap.c) over the call chain that the event brought along. Addresses
 * in maps of build ids stay addresses, as the kernel leaves those it finds no file for.
 */
import { MapFlags } from '../../bpf/maps.ts';
import { KERNEL_TAG } from '../../vm/address.ts';
import { EFAULT, EINVAL, EOPNOTSUPP } from '../../vm/errno.ts';
import { setResult } from '../../vm/helper-port.ts';
import {
  entry,
  flagsArgument,
  type HelperEntry,
  mapArgument,
  memoryArgument,
  sizeArgument,
} from '../../vm/helpers/arguments.ts';
import { StackTraceMap } from '../../vm/index.ts';
import type { Machine } from '../../vm/machine.ts';
import type { ExecutionContext } from './execution-context.ts';

const SKIP_MASK = 0xff;
const USER_STACK = 0x100;
const FAST_STACK_CMP = 0x200;
const REUSE_STACKID = 0x400;
const USER_BUILD_ID = 0x800;

/** Words of `struct bpf_stack_build_id`: status, five of build id, two of offset or address. */
const BUILD_ID_WORDS = 8;
const STATUS_IP = 2;

export function stackHelpers(context: ExecutionContext, machine: Machine): readonly HelperEntry[] {
  return [
    entry('get_stackid', (r) => setResult(r, getStackId(context, machine, r))),
    entry('get_stack', (r) => setResult(r, getStack(context, machine, r, true))),
    entry('get_task_stack', (r) => {
      // Of other tasks there is no stack at this moment.
      const isCurrent = r[2] === context.task.object && r[3] === KERNEL_TAG;
      setResult(r, getStack(context, machine, r, isCurrent));
    }),
  ];
}

/** r1 context, r2 map, r3 flags. */
function getStackId(context: ExecutionContext, machine: Machine, r: Int32Array): number {
  const map = mapArgument(machine, r, 2);
  const flags = flagsArgument(r, 3);
  if (flags < 0 || (flags & ~(SKIP_MASK | USER_STACK | FAST_STACK_CMP | REUSE_STACKID)) !== 0) return EINVAL;
  if (!(map instanceof StackTraceMap)) return EINVAL;
  const frames = framesOf(context, flags, (map.definition.flags & MapFlags.STACK_BUILD_ID) !== 0);
  return typeof frames === 'number' ? frames : map.store(frames, flags);
}

/** r1 context or task, r2 memory, r3 its size, r4 flags. Bytes written; what is left becomes zero. */
function getStack(context: ExecutionContext, machine: Machine, r: Int32Array, isCurrent: boolean): number {
  const size = sizeArgument(machine, r, 3);
  const at = memoryArgument(machine, r, 2, size, true);
  const flags = flagsArgument(r, 4);
  const { u8, i32 } = machine.memory;
  const buildIds = (flags & USER_BUILD_ID) !== 0;
  const wrong = flags < 0 || (flags & ~(SKIP_MASK | USER_STACK | USER_BUILD_ID)) !== 0;
  const unit = buildIds ? BUILD_ID_WORDS * 4 : 8;
  const frames =
    wrong || size % unit !== 0 || (buildIds && (flags & USER_STACK) === 0)
      ? EINVAL
      : !isCurrent
        ? EFAULT
        : framesOf(context, flags, buildIds);
  u8.fill(0, at, at + size);
  if (typeof frames === 'number') return frames;
  const words = Math.min(frames.length, size >> 2);
  i32.set(frames.subarray(0, words), at >> 2);
  return words * 4;
}

/** Low and high half of each frame, innermost first; or an error. */
function framesOf(context: ExecutionContext, flags: number, buildIds: boolean): Int32Array | number {
  const { callChain } = context;
  if (callChain === undefined) {
    context.warn('there are no call chains here: kstack and ustack are empty');
    return EOPNOTSUPP;
  }
  const all = (flags & USER_STACK) === 0 ? callChain.kernel : callChain.user;
  const frames = all.slice(flags & SKIP_MASK);
  if (frames.length === 0) return EFAULT;
  const step = buildIds ? BUILD_ID_WORDS : 2;
  const words = new Int32Array(frames.length * step);
  for (const [index, frame] of frames.entries()) {
    const last = index * step + step;
    if (buildIds) words[last - BUILD_ID_WORDS] = STATUS_IP;
    words[last - 2] = Number(BigInt.asIntN(32, frame));
    words[last - 1] = Number(BigInt.asIntN(32, frame >> 32n));
  }
  return words;
}
