/**
 * Taking stacks. `bpf_get_stackid` keeps them in a stack map and costs next to nothing; its one flaw is that two stacks
 * whose hashes end alike want the same bucket, and the later one is refused. Such a stack is copied out, hashed here and
 * kept in a map of its own, so that none is lost: what is rare is slow, not wrong.
 */
import { MapFlags } from '../../bpf/maps.ts';
import { supports } from '../../bpf/profiles/index.ts';
import type { Operand, Value } from '../ir/ir.ts';
import type { StackMap } from '../script-info.ts';
import type { StackType } from '../types/type.ts';
import type { Lowering } from './lowering.ts';
import { emitHelperError } from './output.ts';
import type { Place } from './place.ts';

/** Flags of bpf_get_stackid and bpf_get_stack. */
const USER_STACK = 0x100n;
const USER_BUILD_ID = 0x800n;
const EEXIST = 17n;

/** Bits of a stack's word: see {@link StackType}. */
const NONE: bigint = 1n << 47n;
const SPILLED: bigint = 1n << 46n;
const HASH_BITS = 46n;
const COUNT_SHIFT = 48n;

/** `kernel.perf_event_max_stack`: no stack map takes deeper ones unless an administrator says so. */
const DEEPEST_MAP = 127;
/** Different stacks: four times the usual size of a map, since one map serves all of a script. */
const BUCKETS = 16_384;
const SPILLED_STACKS = 2048;
const BUFFER = 'stack_buffer';
const TOO_MANY = 'Too many different stacks: this one is left out.';
const HASH_FACTOR = 0x9e37_79b9_7f4a_7c15n;

/** Bytes of a frame: an address, or `struct bpf_stack_build_id`. */
function frameSize({ mode }: StackType): 8 | 32 {
  return mode === 'build_id' ? 32 : 8;
}

export function stackInto(low: Lowering, type: StackType, place: Place): void {
  const { b } = low;
  const maps = mapsOf(low, type);
  const word = b.local('stack');
  const user = type.kind === 'ustack';
  if (user) {
    const process = b.binary('lshr', b.callHelper('get_current_pid_tgid', []), 32n);
    b.store(place.base, place.offset + 8, 8, process);
  }
  /** One that is nobody's: kernel threads have no user stack, and none of them has another none. */
  const setNone = (): void => {
    b.setLocal(word, NONE);
    if (user) b.store(place.base, place.offset + 8, 8, 0n);
  };
  if (maps.traces === undefined) spill(low, type, maps, word);
  else {
    const flags = user ? USER_STACK : 0n;
    const id = b.callHelper('get_stackid', [low.context(), b.mapAddress(maps.traces), flags]);
    b.setLocal(word, id);
    low.rarely({ op: 'slt', left: id, right: 0n }, () => {
      if (maps.spilled === undefined) {
        setNone();
        return;
      }
      const [taken, none, after] = [b.block(), b.block(), b.block()];
      b.branch({ op: 'eq', left: id, right: -EEXIST }, taken, none);
      b.enter(taken);
      spill(low, type, maps, word);
      b.jump(after);
      b.enter(none);
      setNone();
      b.jump(after);
      b.enter(after);
    });
  }
  if (low.module.model.countsFrames) {
    const counted = b.binary('shl', frameCount(low, type), COUNT_SHIFT);
    b.setLocal(word, b.binary('or', b.getLocal(word), counted));
  }
  b.store(place.base, place.offset, 8, b.getLocal(word));
}

/** The frames the current stack has, at most the type's. */
export function frameCount(low: Lowering, type: StackType): Operand {
  const { b } = low;
  mapsOf(low, type);
  const count = b.local('frames');
  b.setLocal(count, 0n);
  withBuffer(low, type, (buffer) => {
    const bytes = copyStack(low, type, buffer);
    const [some, after] = [b.block(), b.block()];
    b.branch({ op: 'sgt', left: bytes, right: 0n }, some, after);
    b.enter(some);
    b.setLocal(count, b.binary('lshr', bytes, frameSize(type) === 8 ? 3n : 5n));
    b.jump(after);
    b.enter(after);
  });
  return b.getLocal(count);
}

/** The number of frames that a stack kept somewhere was counted to have. */
export function keptFrameCount(low: Lowering, place: Place): Operand {
  return low.b.binary('lshr', low.b.load(place.base, place.offset, 8), COUNT_SHIFT);
}

/** Bytes written behind the buffer's first word, or an error. */
function copyStack(low: Lowering, type: StackType, buffer: Value): Value {
  const { b } = low;
  const user = type.kind === 'ustack' ? USER_STACK : 0n;
  const flags = type.mode === 'build_id' ? user | USER_BUILD_ID : user;
  const frames = b.binary('add', buffer, 8n);
  return b.callHelper('get_stack', [low.context(), frames, BigInt(type.limit * frameSize(type)), flags]);
}

/** Sets `word` to a stack kept by its hash, or to none. */
function spill(
  low: Lowering,
  type: StackType,
  maps: StackMap,
  word: ReturnType<Lowering['b']['local']>,
): void {
  const { b } = low;
  b.setLocal(word, NONE);
  withBuffer(low, type, (buffer) => {
    const bytes = copyStack(low, type, buffer);
    const [some, after] = [b.block(), b.block()];
    b.branch({ op: 'sgt', left: bytes, right: 0n }, some, after);
    b.enter(some);
    b.store(buffer, 0, 8, bytes);
    const key = b.slotAddress(b.slot('stack_hash', 8, 8));
    const hash = b.binary('or', hashOf(low, type, buffer, bytes), SPILLED);
    b.store(key, 0, 8, hash);
    const kept = b.callHelper('map_update_elem', [b.mapAddress(maps.spilled!), key, buffer, 0n]);
    const [good, full, done] = [b.block(), b.block(), b.block()];
    b.branch({ op: 'eq', left: kept, right: 0n }, good, full);
    b.enter(good);
    b.setLocal(word, hash);
    b.jump(done);
    b.enter(full);
    emitHelperError(low, low.b.span ?? low.unit.probe.span, 'map_update_elem', kept, TOO_MANY);
    b.jump(done);
    b.enter(done);
    b.jump(after);
    b.enter(after);
  });
}

function hashOf(low: Lowering, type: StackType, buffer: Value, bytes: Value): Value {
  const { b } = low;
  const size = type.limit * frameSize(type);
  const [at, hash] = [b.local('at'), b.local('hash')];
  const [head, body, next, after] = [b.block(), b.block(), b.block(), b.block()];
  b.setLocal(at, 0n);
  b.setLocal(hash, 0n);
  b.jump(head);
  b.enter(head);
  b.branch({ op: 'ult', left: b.getLocal(at), right: BigInt(size) }, body, after);
  b.enter(body);
  b.branch({ op: 'ult', left: b.getLocal(at), right: bytes }, next, after);
  b.enter(next);
  const frame = b.load(b.binary('add', buffer, b.getLocal(at)), 8, 8);
  const mixed = b.binary('mul', b.binary('xor', b.getLocal(hash), frame), BigInt.asIntN(64, HASH_FACTOR));
  b.setLocal(hash, b.binary('xor', mixed, b.binary('lshr', mixed, 29n)));
  b.setLocal(at, b.binary('add', b.getLocal(at), 8n));
  b.jump(head);
  b.enter(after);
  return b.binary('lshr', b.getLocal(hash), 64n - HASH_BITS);
}

/** Memory for one stack; each program has its own, for one may interrupt another. */
function withBuffer(low: Lowering, type: StackType, use: (buffer: Value) => void): void {
  const { b, module } = low;
  const bytes = 8 + type.limit * frameSize(type);
  const known = module.internalMaps.get(BUFFER);
  const valueSize = Math.max(bytes, known?.valueSize ?? 0);
  const maxEntries = module.model.units.length;
  const shape = { name: BUFFER, type: 'percpu_array', keySize: 4, flags: 0 } as const;
  module.internalMaps.set(BUFFER, { ...shape, valueSize, maxEntries });
  const key = b.slotAddress(b.slot('stack_buffer_key', 4, 4));
  b.store(key, 0, 4, BigInt(low.unit.index));
  const buffer = b.callHelper('map_lookup_elem', [b.mapAddress(BUFFER), key], { kind: 'map-value-or-null' });
  const [found, after] = [b.block(), b.block()];
  b.branch({ op: 'ne', left: buffer, right: 0n }, found, after, 'otherwise');
  b.enter(found);
  use(buffer);
  b.jump(after);
  b.enter(after);
}

/** The maps for stacks of this shape, made when first asked for. */
function mapsOf({ module }: Lowering, type: StackType): StackMap {
  const buildIds = type.mode === 'build_id';
  const shape = `${buildIds ? 'build_id_' : ''}${type.limit}`;
  const known = module.stackMaps.get(shape);
  if (known !== undefined) return known;
  const { target } = module.model;
  const maps: StackMap = {
    limit: type.limit,
    buildIds,
    ...(type.limit <= DEEPEST_MAP && { traces: `stack_${shape}` }),
    ...(supports(target, 'bounded_loops') && { spilled: `spilled_${shape}` }),
  };
  module.stackMaps.set(shape, maps);
  const bytes = type.limit * frameSize(type);
  const { traces, spilled } = maps;
  if (traces !== undefined) {
    const flags = buildIds ? MapFlags.STACK_BUILD_ID : 0;
    const rest = { keySize: 4, valueSize: bytes, maxEntries: BUCKETS, flags };
    module.internalMaps.set(traces, { name: traces, type: 'stack_trace', ...rest });
  }
  if (spilled !== undefined) {
    const rest = { keySize: 8, valueSize: 8 + bytes, maxEntries: SPILLED_STACKS, flags: 0 };
    module.internalMaps.set(spilled, { name: spilled, type: 'hash', ...rest });
  }
  return maps;
}
