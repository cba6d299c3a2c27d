/** Which registers an argument takes (`check_reg_type`, `check_func_arg_reg_off`). */
import type { ArgumentType } from '../../bpf/helpers/index.ts';
import type { KernelRelease } from '../../bpf/kernel-release.ts';
import { structsMatch } from '../access/btf-match.ts';
import { checkKptrMatches } from '../access/kptr-match.ts';
import { checkPointerOffset } from '../access/pointer-offset.ts';
import type { Environment } from '../environment.ts';
import {
  mayWriteTypedMemory,
  possiblyNullArgument,
  registerNotOfType,
  releasedWithOffset,
  wrongStructure,
} from '../messages.gen.ts';
import { type Rejection, unsupported } from '../rejection.ts';
import type { BtfDetail, Register } from '../state/register.ts';
import { DYNPTR_FLAGS, Flag, Kind, type RegisterKind, typeText } from '../state/register-kind.ts';
import type { CallFacts } from './call-facts.ts';
import type { ArgumentRule } from './helper-prototype.ts';

/** Kind and flags of a register that is taken as it is. */
type Taken = readonly [RegisterKind, number];

const plain = (...kinds: readonly RegisterKind[]): readonly Taken[] => kinds.map((kind) => [kind, 0]);

const SOCKETS = plain(Kind.sockCommon, Kind.socket, Kind.tcpSock, Kind.xdpSock);
const MEMORY: readonly Taken[] = [
  ...plain(Kind.stack, Kind.packet, Kind.packetMeta, Kind.mapKey, Kind.mapValue, Kind.mem),
  [Kind.mem, Flag.ringbuf],
  [Kind.buf, 0],
  [Kind.btfId, Flag.trusted],
];
const SCALAR = plain(Kind.scalar);
const OWNED: readonly Taken[] = [
  [Kind.mapValue, 0],
  [Kind.btfId, Flag.alloc],
];

/** In the order in which messages name them. */
const TAKEN: Readonly<Record<Exclude<ArgumentType, 'ANYTHING'>, readonly Taken[]>> = {
  PTR_TO_MAP_KEY: MEMORY,
  PTR_TO_MAP_VALUE: MEMORY,
  CONST_SIZE: SCALAR,
  CONST_SIZE_OR_ZERO: SCALAR,
  CONST_ALLOC_SIZE_OR_ZERO: SCALAR,
  CONST_MAP_PTR: plain(Kind.mapPtr),
  PTR_TO_CTX: plain(Kind.ctx),
  PTR_TO_SOCK_COMMON: SOCKETS,
  PTR_TO_BTF_ID_SOCK_COMMON: [...SOCKETS, [Kind.btfId, 0], [Kind.btfId, Flag.trusted]],
  PTR_TO_SOCKET: plain(Kind.socket),
  PTR_TO_BTF_ID: [
    [Kind.btfId, 0],
    [Kind.btfId, Flag.trusted],
    [Kind.btfId, Flag.rcu],
  ],
  PTR_TO_SPIN_LOCK: OWNED,
  PTR_TO_MEM: MEMORY,
  PTR_TO_RINGBUF_MEM: [[Kind.mem, Flag.ringbuf]],
  PTR_TO_PERCPU_BTF_ID: [
    [Kind.btfId, Flag.percpu],
    [Kind.btfId, Flag.percpu | Flag.rcu],
    [Kind.btfId, Flag.percpu | Flag.trusted],
  ],
  PTR_TO_FUNC: plain(Kind.func),
  PTR_TO_STACK: plain(Kind.stack),
  PTR_TO_CONST_STR: plain(Kind.mapValue),
  PTR_TO_TIMER: plain(Kind.mapValue),
  KPTR_XCHG_DEST: OWNED,
  PTR_TO_DYNPTR: plain(Kind.stack, Kind.dynptr),
};

/** Of kernels before `until`, where they took less. */
const TAKEN_BEFORE: readonly {
  readonly until: KernelRelease;
  readonly taken: Partial<Record<ArgumentType, readonly Taken[]>>;
}[] = [
  {
    until: '6.2',
    taken: {
      PTR_TO_MAP_KEY: MEMORY.slice(0, 5),
      PTR_TO_MAP_VALUE: MEMORY.slice(0, 5),
      PTR_TO_BTF_ID: plain(Kind.btfId).concat([[Kind.btfId, Flag.trusted]]),
      PTR_TO_SPIN_LOCK: plain(Kind.mapValue),
      KPTR_XCHG_DEST: plain(Kind.mapValue),
    },
  },
  {
    until: '6.4',
    taken: {
      PTR_TO_MAP_KEY: MEMORY.slice(0, -1),
      PTR_TO_MAP_VALUE: MEMORY.slice(0, -1),
      PTR_TO_MEM: MEMORY.slice(0, -1),
    },
  },
  { until: '6.12', taken: { KPTR_XCHG_DEST: plain(Kind.mapValue) } },
];

function takenFor(env: Environment, type: Exclude<ArgumentType, 'ANYTHING'>): readonly Taken[] {
  if (env.atLeast('6.12')) return TAKEN[type];
  for (const { until, taken } of TAKEN_BEFORE) {
    const before = env.atLeast(until) ? undefined : taken[type];
    if (before !== undefined) return before;
  }
  return TAKEN[type];
}

/**
 * Register `number` may be passed for such an argument.
 * @param type the argument's, which for maps of sockets is another than the prototype's
 * @param facts null: of a function of the program, not of a helper
 * @throws Rejection
 */
export function checkRegisterType(
  env: Environment,
  number: number,
  type: Exclude<ArgumentType, 'ANYTHING'>,
  rule: ArgumentRule,
  facts: CallFacts | null,
): void {
  const register = env.register(number);
  const taken = takenFor(env, type);
  const flags = comparedFlags(register, number, type, rule, facts);
  if (!isTaken(taken, register.kind, flags)) throw notTaken(register, number, taken);
  if (register.kind !== Kind.btfId) return;
  if (taken === MEMORY) {
    if (rule.readOnly) return;
    throw mayWriteTypedMemory({
      helper: helperText(facts),
      register: number,
      type: registerText(register),
    });
  }
  checkTypedPointer(env, register, number, type, rule, facts);
}

/** What the argument allows is left out before flags are compared. */
function comparedFlags(
  register: Register,
  number: number,
  type: ArgumentType,
  rule: ArgumentRule,
  facts: CallFacts | null,
): number {
  let { flags } = register;
  // Flags of numbers tell what moves together, and are no part of the type.
  if (register.kind === Kind.scalar) return 0;
  if (rule.readOnly) flags &= ~Flag.readOnly;
  if (rule.maybeNull) flags &= ~Flag.maybeNull;
  if (type === 'PTR_TO_MEM') flags &= ~DYNPTR_FLAGS;
  // An object of the program's own may be put into a map.
  if (facts?.prototype.name === 'kptr_xchg' && number === 2) flags &= ~(Flag.alloc | Flag.percpu);
  return flags;
}

function isTaken(taken: readonly Taken[], kind: RegisterKind, flags: number): boolean {
  for (const [takenKind, takenFlags] of taken) if (takenKind === kind && takenFlags === flags) return true;
  return false;
}

function notTaken(register: Register, number: number, taken: readonly Taken[]): Rejection {
  const expected = taken.map(([kind, flags]) => typeText(kind, flags)).join(', ');
  return registerNotOfType({ register: number, type: registerText(register), expected });
}

function registerText({ kind, flags }: Register): string {
  return typeText(kind, flags);
}

function helperText(facts: CallFacts | null): string {
  return facts === null ? 'unspec' : `bpf_${facts.prototype.name}`;
}

/** A pointer to a structure of the kernel, or to an object of the program's own. */
function checkTypedPointer(
  env: Environment,
  register: Register,
  number: number,
  type: ArgumentType,
  rule: ArgumentRule,
  facts: CallFacts | null,
): void {
  const name = facts?.prototype.name;
  if ((register.flags & Flag.alloc) !== 0) {
    if (name !== 'spin_lock' && name !== 'spin_unlock' && name !== 'kptr_xchg') {
      throw unsupported("an object of the program's own as an argument");
    }
    if (name === 'kptr_xchg' && number === 2) checkKptrMatches(env, facts!.kptr!, register, number);
    return;
  }
  // The helpers that take per-CPU variables look at them themselves.
  if ((register.flags & Flag.percpu) !== 0) return;
  if (register.maybeNull && (!rule.maybeNull || rule.release))
    throw possiblyNullArgument({ register: number });
  if (name === 'kptr_xchg') {
    checkKptrMatches(env, facts!.kptr!, register, number);
    return;
  }
  const wanted = type === 'PTR_TO_BTF_ID_SOCK_COMMON' ? 'sock_common' : rule.btf;
  // A socket of any protocol may be released: each begins with what they have in common.
  checkStructure(env, register, number, wanted, rule.release && name !== 'sk_release');
}

function checkStructure(
  env: Environment,
  register: Register,
  number: number,
  wanted: string | null,
  strict: boolean,
): void {
  const { btf } = env;
  if (btf === undefined) throw unsupported("a kernel structure without the kernel's types");
  const type = wanted === null ? undefined : btf.find(wanted, 'struct');
  if (type === undefined) throw unsupported(`the kernel's type ${wanted ?? ''} is not known`);
  const detail = register.detail as BtfDetail;
  if (structsMatch(env, detail, register.off, { btf, type }, strict)) return;
  throw wrongStructure({ register: number, type: detail.btf.nameOf(detail.type), wanted: wanted! });
}

/** Kinds whose pointers may be moved as one likes: what is behind them is checked by itself. */
const MOVABLE: ReadonlySet<RegisterKind> = new Set<RegisterKind>([
  Kind.stack,
  Kind.packet,
  Kind.packetMeta,
  Kind.mapKey,
  Kind.mapValue,
  Kind.mem,
  Kind.buf,
  Kind.arena,
  Kind.scalar,
]);

/** Flags with which a pointer of kind `btfId` may be moved by a constant. */
const FIXED_OFFSET: ReadonlySet<number> = new Set([
  0,
  Flag.alloc,
  Flag.trusted,
  Flag.rcu,
  Flag.alloc | Flag.nonOwning,
  Flag.alloc | Flag.nonOwning | Flag.rcu,
]);

/** The pointer is where it may be moved to. @throws Rejection */
export function checkArgumentOffset(
  env: Environment,
  register: Register,
  number: number,
  release: boolean,
  isDynptr: boolean,
): void {
  if (release) {
    // What is given back is what the dynptr holds; the dynptr itself lies anywhere.
    if (isDynptr && isPlain(register, Kind.stack)) return;
    if (register.off !== 0) throw releasedWithOffset({ register: number });
    checkPointerOffset(env, register, number, false);
    return;
  }
  if (isMovable(register)) return;
  checkPointerOffset(env, register, number, register.kind === Kind.btfId && FIXED_OFFSET.has(register.flags));
}

function isPlain(register: Register, kind: RegisterKind): boolean {
  return register.kind === kind && register.flags === 0;
}

function isMovable({ kind, flags }: Register): boolean {
  if (!MOVABLE.has(kind)) return false;
  if (flags === 0) return true;
  if (kind === Kind.mem) return flags === Flag.readOnly || flags === Flag.ringbuf;
  // A number that moves with another one has a flag, too.
  return (kind === Kind.buf && flags === Flag.readOnly) || kind === Kind.scalar;
}
