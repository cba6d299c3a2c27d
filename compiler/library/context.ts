/** Builtins about the event and the probe that it fired: `args`, `argN`, `retval`, `func`, `reg()`, `probe`, `ctx`. */
import type { AttachKind } from '../../bpf/attach-point.ts';
import { FEATURES, supportsHelper } from '../../bpf/profiles/index.ts';
import { argsRecord, readableType } from '../check/args.ts';
import type { Checker } from '../check/checker.ts';
import { literal } from '../check/expressions.ts';
import {
  archArgument,
  argumentType,
  builtinUnavailable,
  contextInLoop,
  needsKernel,
  unknownRegister,
} from '../diagnostics/messages.gen.ts';
import type { Operand } from '../ir/ir.ts';
import { argumentPlace, argumentsInto, argumentValue } from '../lower/context.ts';
import type { Lowering } from '../lower/lowering.ts';
import { copyValue, storeText } from '../lower/memory.ts';
import type { Place } from '../lower/place.ts';
import { funcIsKnown } from '../resolve/function-address.ts';
import type { ProbeArgument } from '../resolve/probe-arguments.ts';
import { ARGUMENT_REGISTERS, registerNames, registerOffset, stackWord } from '../resolve/registers.ts';
import { didYouMean } from '../resolve/suggest.ts';
import { integer, NONE, pointer, UINT64 } from '../types/make.ts';
import type { TupleType, Type } from '../types/type.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

/** Kinds whose context begins with `struct pt_regs`. */
const REGISTER_KINDS: readonly AttachKind[] = ['kprobe', 'kretprobe', 'uprobe', 'uretprobe', 'usdt'];
const SAMPLE_KINDS: readonly AttachKind[] = ['profile', 'interval', 'software', 'hardware', 'watchpoint'];
const ENTRY_KINDS: readonly AttachKind[] = ['kprobe', 'uprobe'];
const USER_KINDS: readonly AttachKind[] = ['uprobe', 'uretprobe', 'usdt'];
const NUMBERED_KINDS: readonly AttachKind[] = ['kprobe', 'uprobe', 'usdt', 'rawtracepoint'];
const RETURN_KINDS: readonly AttachKind[] = ['kretprobe', 'uretprobe', 'fexit'];
const FUNCTION_KINDS: readonly AttachKind[] = [...REGISTER_KINDS, 'fentry', 'fexit'];

/** `argN` and `sargN` go up to here. */
const MOST_NUMBERED = 10;
const WORD = 8;

function base(name: string, signature: string, doc: string): Omit<LibraryEntry, 'check'> {
  return { name, kind: 'builtin', signature, doc, arguments: { min: 0, max: 0 } };
}

function kindOf(checker: Checker): AttachKind {
  return checker.unit.points[0]!.point.kind;
}

/** The builtin is of other kinds of probes, or of the program itself and not of a loop's body: then that is said. */
function available(
  site: CallSite,
  checker: Checker,
  kinds: readonly AttachKind[],
  name = site.name,
): boolean {
  const { span } = site;
  if (checker.loops.some(({ overMap }) => overMap)) {
    checker.report(contextInLoop(span, { name }));
    return false;
  }
  const kind = kindOf(checker);
  if (!kinds.includes(kind)) {
    checker.report(builtinUnavailable(span, { name, probes: list(kinds) }));
    return false;
  }
  // What a recording or the simulated kernel hands to a program has no registers in it.
  const ofRegisters = REGISTER_KINDS.includes(kind) || SAMPLE_KINDS.includes(kind);
  if (!ofRegisters || name === 'func') return true;
  return checker.need({ kind: 'registers', what: name, span });
}

function list(kinds: readonly string[]): string {
  return kinds.length === 1 ? kinds[0]! : `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)}`;
}

/** Value of one argument, in a register or in memory as its type wants. */
function argumentAccess(
  find: (site: CallSite, low: Lowering) => ProbeArgument,
): Pick<LibraryEntry, 'scalar' | 'into'> {
  return {
    scalar: (site, low) => argumentValue(low, find(site, low)),
    into: (site, low, place, type) => {
      const found = find(site, low);
      copyValue(low, argumentPlace(low, found), found.type ?? type, place, type);
    },
  };
}

const args: LibraryEntry = {
  ...base('args', 'args', "The event's own data: `args.field`, or all of it as a record."),
  check: ({ span }, checker) => argsRecord(checker, span),
  into: (_site, low, place, type) =>
    argumentsInto(low, low.unit.points[0]?.args?.named() ?? [], place, type as TupleType),
};

function numbered(index: number): LibraryEntry {
  const name = `arg${index}`;
  return {
    ...base(
      name,
      'argN',
      'Argument N of the function that was called (arg0 is the first), or value N of a USDT probe.',
    ),
    check: (site, checker) => {
      if (!available(site, checker, NUMBERED_KINDS)) return undefined;
      if (ENTRY_KINDS.includes(kindOf(checker)) && index >= ARGUMENT_REGISTERS) {
        checker.report(archArgument(site.span, { name }));
        return undefined;
      }
      const found = checker.unit.points[0]!.args?.numbered?.(index);
      return found === undefined ? UINT64 : readableType(checker, found, site.span);
    },
    ...argumentAccess((_site, low) => low.unit.points[0]!.args!.numbered!(index)!),
  };
}

function stacked(index: number): LibraryEntry {
  const name = `sarg${index}`;
  const found = (kind: AttachKind): ProbeArgument => ({
    name,
    type: UINT64,
    place: stackWord(index, kind === 'uprobe' ? 'user' : 'kernel'),
    cType: 'u64',
    declaration: `u64 ${name}`,
  });
  return {
    ...base(name, 'sargN', 'Word N of the stack when a function begins: arguments that no register holds.'),
    check: (site, checker) =>
      available(site, checker, ENTRY_KINDS)
        ? readableType(checker, found(kindOf(checker)), site.span)
        : undefined,
    ...argumentAccess((_site, low) => found(low.unit.points[0]!.point.kind)),
  };
}

const retval: LibraryEntry = {
  ...base('retval', 'retval', 'What the function returned; typed in fexit.'),
  check: (site, checker) => {
    if (!available(site, checker, RETURN_KINDS)) return undefined;
    const found = checker.unit.points[0]!.args?.returned?.();
    if (found === undefined) return UINT64;
    if (found.cType === 'void') return NONE;
    return readableType(checker, found, site.span);
  },
  ...argumentAccess((_site, low) => low.unit.points[0]!.args!.returned!()!),
};

const KSYM: Type = { kind: 'ksym', size: WORD };
/** The address, then the process it belongs to. */
const USYM: Type = { kind: 'usym', size: 2 * WORD };

const func: LibraryEntry = {
  ...base('func', 'func', 'The function that was called.'),
  check: (site, checker) => {
    const { point } = checker.unit.points[0]!;
    if (funcIsKnown(point, checker.model)) {
      const bytes = new TextEncoder().encode('function' in point ? point.function : '');
      return literal(checker, site.node, { kind: 'string', bytes });
    }
    if (!available(site, checker, FUNCTION_KINDS)) return undefined;
    const user = USER_KINDS.includes(point.kind);
    const own = !user && supportsHelper(checker.model.target, 'get_func_ip');
    if (!own && point.kind !== 'kprobe' && point.kind !== 'uprobe' && point.kind !== 'usdt') {
      const version = user ? '6.6' : FEATURES.get_func_ip.since;
      if (!user || !isSince66(checker))
        checker.report(needsKernel(site.span, { what: `\`func\` in ${point.kind} probes`, version }));
    }
    return user ? USYM : KSYM;
  },
  into: (site, low, place, type) => {
    const constant = low.constant(site.node);
    if (constant?.kind === 'string') {
      storeText(low, constant.bytes, place, type.size);
      return;
    }
    const { b } = low;
    b.store(place.base, place.offset, WORD, functionAddress(low));
    if (type.kind !== 'usym') return;
    const process = b.binary('lshr', b.callHelper('get_current_pid_tgid', []), 32n);
    b.store(place.base, place.offset + WORD, WORD, process);
  },
};

function isSince66(checker: Checker): boolean {
  return supportsHelper(checker.model.target, 'get_func_ip') && isUserFuncIp(checker.model.target.release);
}

/** Linux tells the function of uprobes since 6.6. */
function isUserFuncIp(release: string): boolean {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 6);
}

/** A kprobe's or uprobe's own instruction is in its function, so that its symbol is the same. */
function functionAddress(low: Lowering): Operand {
  const { b } = low;
  const { kind } = low.unit.points[0]!.point;
  const { target } = low.module.model;
  const user = USER_KINDS.includes(kind);
  const tells = user
    ? kind === 'uretprobe' && isUserFuncIp(target.release)
    : supportsHelper(target, 'get_func_ip');
  if (tells) return b.callHelper('get_func_ip', [low.context()]);
  return b.load(low.context(), registerOffset('ip')!, WORD);
}

const ctx: LibraryEntry = {
  ...base('ctx', 'ctx', "The program's raw context; in iter probes its members are the object visited."),
  check: (site, checker) => {
    if (checker.loops.some(({ overMap }) => overMap)) {
      checker.report(contextInLoop(site.span, { name: 'ctx' }));
      return undefined;
    }
    return pointer(NONE, 'kernel');
  },
  scalar: (_site, low) => low.context(),
};

const usermode: LibraryEntry = {
  ...base('usermode', 'usermode', '1 when the event came while the CPU ran user code, else 0. x86-64 only.'),
  check: (site, checker) =>
    available(site, checker, [...REGISTER_KINDS, ...SAMPLE_KINDS]) ? integer(1, false) : undefined,
  scalar: (_site, low) => {
    const { b } = low;
    // The two lowest bits of `cs` are the privilege level: 3 is user code.
    const level = b.binary('and', b.load(low.context(), registerOffset('cs')!, WORD), 3n);
    return b.binary('lshr', level, 1n);
  },
};

const reg: LibraryEntry = {
  name: 'reg',
  kind: 'function',
  signature: 'reg("name")',
  doc: 'A register of the CPU where the probe fired: `reg("ip")`.',
  arguments: { min: 1, max: 1 },
  check: (site, checker) => {
    if (!available(site, checker, [...REGISTER_KINDS, ...SAMPLE_KINDS])) return undefined;
    const [argument] = site.args;
    const type = checker.type(argument!);
    const name = registerName(checker, site);
    if (name === undefined) {
      if (type !== undefined)
        checker.report(
          argumentType(argument!.span, { name: 'reg', wanted: 'string literal', found: type.kind }),
        );
      return undefined;
    }
    if (registerOffset(name) === undefined) {
      checker.report(unknownRegister(argument!.span, { name }, didYouMean(name, registerNames())));
      return undefined;
    }
    return UINT64;
  },
  scalar: (site, low) => {
    const constant = low.constant(site.args[0]!);
    const name = constant?.kind === 'string' ? new TextDecoder().decode(constant.bytes) : 'ip';
    return low.b.load(low.context(), registerOffset(name)!, WORD);
  },
};

function registerName(checker: Checker, { args: [argument] }: CallSite): string | undefined {
  const constant = argument === undefined ? undefined : checker.constant(argument);
  return constant?.kind === 'string' ? new TextDecoder().decode(constant.bytes) : undefined;
}

/** Text known when the script is compiled. */
function text(entry: Omit<LibraryEntry, 'check'>, textOf: (checker: Checker) => string): LibraryEntry {
  return {
    ...entry,
    check: ({ node }, checker) =>
      literal(checker, node, { kind: 'string', bytes: new TextEncoder().encode(textOf(checker)) }),
    into: (site, low, place: Place, type) => {
      const constant = low.constant(site.node);
      if (constant?.kind === 'string') storeText(low, constant.bytes, place, type.size);
    },
  };
}

const probe = text(
  base('probe', 'probe', 'Full name of the probe that fired.'),
  ({ unit }) => unit.points[0]!.name,
);

const probetype = text(
  base(
    'probetype',
    'probetype',
    'Kind of the probe that fired; `special` for begin, end and self, `benchmark` for bench.',
  ),
  (checker) => {
    const kind = kindOf(checker);
    if (kind === 'begin' || kind === 'end' || kind === 'self') return 'special';
    return kind === 'bench' ? 'benchmark' : kind;
  },
);

const NUMBERS: readonly number[] = Array.from({ length: MOST_NUMBERED }, (_, index) => index);

export const CONTEXT_ENTRIES: readonly LibraryEntry[] = [
  args,
  ...NUMBERS.map(numbered),
  ...NUMBERS.map(stacked),
  retval,
  func,
  ctx,
  usermode,
  reg,
  probe,
  probetype,
];
