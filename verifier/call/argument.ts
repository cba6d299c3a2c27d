/** One argument of a helper (`check_func_arg`). */
import type { ArgumentType } from '../../bpf/helpers/index.ts';
import { checkAlignment } from '../access/alignment.ts';
import { type BufferUse, checkHelperMemory, checkSizedMemory } from '../access/helper-memory.ts';
import type { Environment } from '../environment.ts';
import {
  constantSizeWanted,
  invalidPercpuType,
  lockInTreeCallback,
  packetNotForHelper,
  pointerLeaksToHelper,
  releasesUnowned,
  releasesUnownedConstDynptr,
  releasesUnownedDynptr,
  secondReferenceArgument,
  timerOfOtherMap,
} from '../messages.gen.ts';
import { markPrecise } from '../order/precision.ts';
import { unsupported } from '../rejection.ts';
import { isZero } from '../state/numbers.ts';
import type { Register } from '../state/register.ts';
import { DYNPTR_FLAGS, Kind } from '../state/register-kind.ts';
import { readRegister } from '../step/register-argument.ts';
import type { CallFacts } from './call-facts.ts';
import { constantMapKey } from './constant-key.ts';
import { checkConstantString } from './constant-string.ts';
import { dynptrTypeOf } from './dynptr.ts';
import { checkDynptrArgument, heldByDynptr } from './dynptr-argument.ts';
import { checkKptrField, checkMapField } from './field-argument.ts';
import type { ArgumentRule } from './helper-prototype.ts';
import { inTreeCallback, processLock } from './locks.ts';
import { checkArgumentOffset, checkRegisterType } from './register-types.ts';

/** Checks argument `index` of the call at `env.slot`. @throws Rejection */
export function checkArgument(env: Environment, facts: CallFacts, index: number): void {
  const rule = facts.prototype.args[index]!;
  const number = index + 1;
  const register = readRegister(env, number);
  if (rule.type === 'ANYTHING') {
    if (!env.privileged && register.isPointer) throw pointerLeaksToHelper({ register: number });
    return;
  }
  if (isPacket(register) && !mayReadPacket(env, facts)) throw packetNotForHelper({});
  const type = argumentType(facts, rule);
  const isNull = rule.maybeNull && isZero(register);
  if (isNull) {
    // The 6.12 series has this mark from a later release; 6.1 and 6.18 have not.
    if (env.atLeast('6.12') && !env.atLeast('6.18')) markPrecise(env, number);
  } else {
    checkRegisterType(env, number, type, rule, facts);
    checkArgumentOffset(env, register, number, rule.release, type === 'PTR_TO_DYNPTR');
  }
  if (rule.release) noteRelease(env, facts, register, number, type);
  noteReference(facts, register, number, type);
  checkContents(env, facts, rule, type, number, isNull);
}

function isPacket({ kind }: Register): boolean {
  return kind === Kind.packet || kind === Kind.packetMeta;
}

/** Programs that get the packet itself may hand it to helpers that take it (`may_access_direct_pkt_data`). */
function mayReadPacket(env: Environment, facts: CallFacts): boolean {
  switch (env.type.name) {
    case 'lwt_in':
    case 'lwt_out':
    case 'lwt_seg6local':
    case 'sk_reuseport':
    case 'flow_dissector':
    case 'cgroup_skb':
    case 'sched_cls':
    case 'sched_act':
    case 'xdp':
    case 'lwt_xmit':
    case 'sk_skb':
    case 'sk_msg':
      return facts.prototype.packetAccess;
    case 'cgroup_sockopt':
      return true;
    default:
      return false;
  }
}

/** Maps of sockets take sockets for values (`resolve_map_arg_type`). */
function argumentType(facts: CallFacts, rule: ArgumentRule): Exclude<ArgumentType, 'ANYTHING'> {
  const type = rule.type as Exclude<ArgumentType, 'ANYTHING'>;
  if (type !== 'PTR_TO_MAP_VALUE') return type;
  if (facts.map === null) throw unsupported('a map value without a map');
  const { type: mapType } = facts.map;
  if (mapType !== 'sockmap' && mapType !== 'sockhash') return type;
  if (rule.flags !== 0 || rule.fills || rule.write) throw unsupported('a socket to be filled');
  return 'PTR_TO_BTF_ID_SOCK_COMMON';
}

function noteRelease(
  env: Environment,
  facts: CallFacts,
  register: Register,
  number: number,
  type: ArgumentType,
): void {
  if (type === 'PTR_TO_DYNPTR') {
    if (register.kind !== Kind.stack) throw releasesUnownedConstDynptr({});
    if (heldByDynptr(env, register) === 0) throw releasesUnownedDynptr({ register: number });
  } else if (register.ref === 0 && !isZero(register)) {
    throw releasesUnowned({ register: number });
  }
  facts.releases = number;
}

function noteReference(facts: CallFacts, register: Register, number: number, type: ArgumentType): void {
  if (register.ref === 0 || type === 'KPTR_XCHG_DEST') return;
  if (facts.ref !== 0)
    throw secondReferenceArgument({ register: number, ref: register.ref, first: facts.ref });
  facts.ref = register.ref;
}

/** What lies behind the argument, or what it says. */
function checkContents(
  env: Environment,
  facts: CallFacts,
  rule: ArgumentRule,
  type: Exclude<ArgumentType, 'ANYTHING'>,
  number: number,
  isNull: boolean,
): void {
  const register = env.register(number);
  switch (type) {
    case 'CONST_MAP_PTR':
      noteMap(facts, register);
      return;
    case 'PTR_TO_MAP_KEY':
      checkMapKey(env, facts, number);
      return;
    case 'PTR_TO_MAP_VALUE':
      if (!isNull) checkMapValue(env, facts, rule, number);
      return;
    case 'PTR_TO_MEM':
      checkBuffer(env, facts, rule, number);
      return;
    case 'CONST_SIZE':
    case 'CONST_SIZE_OR_ZERO':
      checkSize(env, facts, number, type === 'CONST_SIZE_OR_ZERO');
      return;
    case 'CONST_ALLOC_SIZE_OR_ZERO':
      checkAllocationSize(env, facts, register, number);
      return;
    case 'PTR_TO_PERCPU_BTF_ID':
      if (register.detail?.kind !== 'btf') throw invalidPercpuType({ register: number });
      facts.percpu = register.detail;
      return;
    case 'PTR_TO_SPIN_LOCK':
      checkLock(env, facts, number);
      return;
    case 'PTR_TO_TIMER':
      checkMapField(env, number, 'timer');
      noteFieldMap(facts, register);
      return;
    case 'PTR_TO_FUNC':
      facts.subprogram = register.extra;
      return;
    case 'PTR_TO_DYNPTR':
      checkDynptrArgument(env, number, {
        makes: rule.fills,
        constant: rule.readOnly,
        type: dynptrTypeOf(rule.flags & DYNPTR_FLAGS),
      });
      return;
    case 'PTR_TO_CONST_STR':
      checkConstantString(env, register, number);
      return;
    case 'KPTR_XCHG_DEST':
      facts.kptr = checkKptrField(env, register, number);
      if (register.detail?.kind === 'map') facts.map = register.detail.map;
      return;
    case 'PTR_TO_CTX':
    case 'PTR_TO_BTF_ID':
    case 'PTR_TO_BTF_ID_SOCK_COMMON':
    case 'PTR_TO_SOCK_COMMON':
    case 'PTR_TO_SOCKET':
    case 'PTR_TO_STACK':
    case 'PTR_TO_RINGBUF_MEM':
      return;
  }
}

/** Two maps are named when a timer lies in one and belongs to the other. */
function noteMap(facts: CallFacts, register: Register): void {
  const { detail } = register;
  if (detail?.kind !== 'map') throw unsupported('a map pointer without a map');
  if (facts.map !== null && (facts.map !== detail.map || facts.mapUid !== detail.uid)) {
    throw timerOfOtherMap({ timer: facts.mapUid, map: detail.uid });
  }
  facts.map = detail.map;
  facts.mapUid = detail.uid;
}

function noteFieldMap(facts: CallFacts, { detail }: Register): void {
  if (detail?.kind !== 'map') return;
  facts.map = detail.map;
  facts.mapUid = detail.uid;
}

const READ: BufferUse = { access: 'read', zeroAllowed: false, uninitialised: false };

function checkMapKey(env: Environment, facts: CallFacts, number: number): void {
  if (facts.map === null) throw unsupported('a map key without a map');
  const { keySize, type } = facts.map;
  checkHelperMemory(env, number, keySize, READ);
  if (type === 'array' || type === 'percpu_array') facts.constantKey = constantMapKey(env, number, keySize);
}

function checkMapValue(env: Environment, facts: CallFacts, rule: ArgumentRule, number: number): void {
  // A bloom filter is asked whether it has the value that others are asked to fill in.
  const isQuestion = facts.map!.type === 'bloom_filter' && facts.prototype.name === 'map_peek_elem';
  const filled = checkHelperMemory(env, number, facts.map!.valueSize, {
    access: rule.write && !isQuestion ? 'write' : 'read',
    zeroAllowed: false,
    uninitialised: rule.fills && !isQuestion,
  });
  noteFilled(facts, filled, number);
}

function checkBuffer(env: Environment, facts: CallFacts, rule: ArgumentRule, number: number): void {
  facts.fills = rule.fills;
  if (rule.size === 0) return;
  const filled = checkHelperMemory(env, number, rule.size, {
    access: rule.write ? 'write' : 'read',
    zeroAllowed: false,
    uninitialised: rule.fills,
  });
  noteFilled(facts, filled, number);
  if (rule.aligned) checkAlignment(env, env.register(number), 0, rule.size, true);
}

function checkSize(env: Environment, facts: CallFacts, number: number, zeroAllowed: boolean): void {
  const buffer = facts.prototype.args[number - 2]!;
  // Only 53 bits of it can matter: a larger one is refused.
  facts.sizeMax = env.register(number).scalar.umax.toUnsignedNumber() ?? Number.MAX_SAFE_INTEGER;
  const filled = checkSizedMemory(env, number, {
    access: buffer.write ? 'write' : 'read',
    zeroAllowed,
    uninitialised: facts.fills,
  });
  noteFilled(facts, filled, number - 1);
}

function noteFilled(facts: CallFacts, bytes: number, base: number): void {
  if (bytes === 0) return;
  facts.filled = bytes;
  facts.filledBase = base;
}

function checkAllocationSize(env: Environment, facts: CallFacts, register: Register, number: number): void {
  if (!register.scalar.isConstant) throw constantSizeWanted({ register: number });
  // The kernel keeps 32 bits of it.
  facts.memorySize = register.scalar.constantValue.lo >>> 0;
  markPrecise(env, number);
}

function checkLock(env: Environment, facts: CallFacts, number: number): void {
  if (inTreeCallback(env)) throw lockInTreeCallback({});
  processLock(env, number, { kind: 'lock', take: facts.prototype.name === 'spin_lock' });
}
