/** Functions that change the traced machine: signal, signal_thread, override and write_user, with `--unsafe` only; unwatch. */
import { SIGNAL_NAMES, signalNumber } from '../../bpf/signals.ts';
import type { Checker } from '../check/checker.ts';
import {
  argumentLiteral,
  argumentType,
  builtinUnavailable,
  needsKernel,
  noEffect,
  noSuchSignal,
  signalRange,
  sizeBeyond,
} from '../diagnostics/messages.gen.ts';
import type { Operand, Value } from '../ir/ir.ts';
import { address, placeOf, scalar } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { emitHelperError, emitRecord } from '../lower/output.ts';
import type { Place } from '../lower/place.ts';
import { didYouMean } from '../resolve/suggest.ts';
import type { Expression } from '../syntax/ast.ts';
import { INT64, NONE, UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { isAggregate, isScalar } from '../types/predicates.ts';
import { integerArgument } from './arguments.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

const LAST_SIGNAL = 64n;
/** Bytes write_user() writes at most: what a probe has at hand is not longer. */
const LONGEST_WRITE = 4096n;

/** A recording is over, and the simulated kernel's tasks follow their plan. */
function checkLive({ span, name }: CallSite, checker: Checker): void {
  const { kernel } = checker.model;
  if (kernel.attachable !== undefined) checker.report(noEffect(span, { name, kernel: kernel.name }));
}

/** What the helper answers, told when it is an error. */
function tellErrors(low: Lowering, { span }: CallSite, helper: string, result: Value): void {
  low.rarely({ op: 'slt', left: result, right: 0n }, () => emitHelperError(low, span, helper, result));
}

/** The number of a literal name; undefined for anything else, with a report for what is no signal. */
function checkSignal(checker: Checker, argument: Expression, name: string): void {
  const type = checker.valueType(argument);
  const constant = checker.constant(argument);
  if (constant?.kind === 'string') {
    const text = new TextDecoder().decode(constant.bytes);
    if (signalNumber(text) === undefined)
      checker.report(noSuchSignal(argument.span, { name: text }, didYouMean(text, SIGNAL_NAMES)));
    return;
  }
  if (type !== undefined && type.kind !== 'integer') {
    const wanted = 'integer and string literal';
    checker.report(argumentType(argument.span, { name, wanted, found: typeName(type) }));
  }
  if (constant?.kind === 'integer' && (constant.value < 1n || constant.value > LAST_SIGNAL))
    checker.report(signalRange(argument.span, { number: constant.value }));
}

function signalOperand(low: Lowering, argument: Expression): Operand {
  const constant = low.constant(argument);
  if (constant?.kind !== 'string') return scalar(low, argument);
  return low.constantValue(signalNumber(new TextDecoder().decode(constant.bytes)) ?? 0);
}

function signalEntry(
  name: 'signal' | 'signal_thread',
  helper: 'send_signal' | 'send_signal_thread',
  since: string,
  doc: string,
): LibraryEntry {
  return {
    name,
    kind: 'function',
    signature: `${name}(number or "SIGNAME")`,
    doc,
    arguments: { min: 1, max: 1 },
    unsafe: true,
    check: (call, checker) => {
      checkSignal(checker, call.args[0]!, name);
      checkLive(call, checker);
      requireRelease(checker, call, since);
      return NONE;
    },
    effect: (call, low) => {
      const result = low.b.callHelper(helper, [signalOperand(low, call.args[0]!)]);
      tellErrors(low, call, helper, result);
    },
  };
}

function requireRelease(checker: Checker, { span, name }: CallSite, version: string): void {
  const [major, minor] = version.split('.').map(Number) as [number, number];
  const [atMajor, atMinor] = checker.model.target.release.split('.').map(Number) as [number, number];
  if (atMajor < major || (atMajor === major && atMinor < minor))
    checker.report(needsKernel(span, { what: `${name}()`, version }));
}

const override: LibraryEntry = {
  name: 'override',
  kind: 'function',
  signature: 'override(int value)',
  doc: `The function that a kprobe is on is not run and returns \`value\`: errors can be injected so. The kernel allows it for
functions marked ALLOW_ERROR_INJECTION (\`/sys/kernel/debug/error_injection/list\`), and refuses to attach elsewhere.`,
  arguments: { min: 1, max: 1 },
  unsafe: true,
  check: (call, checker) => {
    const [value] = call.args;
    integerArgument(checker, value!, call.name);
    if (checker.unit.points.some(({ point }) => point.kind !== 'kprobe'))
      checker.report(builtinUnavailable(call.span, { name: call.name, probes: 'kprobe' }));
    checkLive(call, checker);
    return NONE;
  },
  effect: (call, low) => {
    low.b.callHelper('override_return', [low.context(), scalar(low, call.args[0]!)]);
  },
};

const writeUser: LibraryEntry = {
  name: 'write_user',
  kind: 'function',
  signature: 'write_user(destination, source, count)',
  doc: `Writes the first \`count\` bytes of a value into the memory of the current process: a string, array, structure or number,
or what a pointer to a variable (\`&$x\`) leads to. The count is a constant. 0, or a negative error number; errors are told
when the program runs.`,
  arguments: { min: 3, max: 3 },
  unsafe: true,
  check: (call, checker) => {
    const [destination, source, count] = call.args;
    const [to, from] = [checker.valueType(destination!), checker.valueType(source!)];
    checker.valueType(count!);
    if (to !== undefined && to.kind !== 'pointer' && to.kind !== 'integer') {
      const wanted = 'pointer or integer';
      checker.report(argumentType(destination!.span, { name: call.name, wanted, found: typeName(to) }));
    }
    const constant = checker.constant(count!);
    if (constant?.kind !== 'integer' || constant.value < 1n || constant.value > LONGEST_WRITE) {
      const wanted = `a constant count of 1 to ${LONGEST_WRITE}`;
      checker.report(argumentLiteral(count!.span, { name: call.name, wanted }));
    } else if (from !== undefined) checkSource(checker, call, constant.value);
    checkLive(call, checker);
    return INT64;
  },
  scalar: (call, low) => writeResult(call, low),
  effect: (call, low) => {
    writeResult(call, low);
  },
};

function checkSource(checker: Checker, { args: [, source], name }: CallSite, count: bigint): void {
  const type = checker.valueType(source!)!;
  if (isAggregate(type) || type.kind === 'none') {
    checker.report(argumentType(source!.span, { name, wanted: 'value', found: typeName(type) }));
    return;
  }
  const { size } = isOwnAddress(source!) ? { size: Number(count) } : type;
  if (count > BigInt(size))
    checker.report(sizeBeyond(source!.span, { name, count, type: typeName(type), size }));
}

/** `&$x` leads to the script's own memory. */
function isOwnAddress(source: Expression): boolean {
  return source.kind === 'unary' && source.operator === '&';
}

function writeResult(call: CallSite, low: Lowering): Operand {
  const [destination, source, count] = call.args;
  const { b } = low;
  return low.temporaries((): Operand => {
    const type = low.type(source!);
    const to = scalar(low, destination!);
    const constant = low.constant(count!);
    const size = constant?.kind === 'integer' ? constant.value : 0n;
    const from = isOwnAddress(source!) ? scalar(low, source!) : sourceAddress(low, source!, isScalar(type));
    const result = b.callHelper('probe_write_user', [to, from, size]);
    tellErrors(low, call, 'probe_write_user', result);
    return result;
  });
}

function sourceAddress(low: Lowering, source: Expression, isNumber: boolean): Operand {
  if (!isNumber) return address(low, placeOf(low, source));
  const place = low.allocate(8);
  low.b.store(place.base, place.offset, 8, scalar(low, source));
  return address(low, place);
}

const unwatch: LibraryEntry = {
  name: 'unwatch',
  kind: 'function',
  signature: 'unwatch(address)',
  doc: 'Takes away the watchpoints of an address. It happens in user space, so that they may still fire for a moment.',
  arguments: { min: 1, max: 1 },
  asynchronous: true,
  check: (call, checker) => {
    const [value] = call.args;
    const type = checker.valueType(value!);
    if (type !== undefined && type.kind !== 'integer' && type.kind !== 'pointer') {
      const wanted = 'integer or pointer';
      checker.report(argumentType(value!.span, { name: call.name, wanted, found: typeName(type) }));
    }
    return NONE;
  },
  effect: ({ args: [value], span }, low) => {
    const part = {
      type: UINT64,
      fill: (place: Place) => low.storeScalar(place, UINT64, scalar(low, value!)),
    };
    emitRecord(low, [part], ([field]) => ({ kind: 'unwatch', span, address: field! }));
  },
};

export const EFFECT_ENTRIES: readonly LibraryEntry[] = [
  signalEntry(
    'signal',
    'send_signal',
    '5.3',
    'Sends a signal to the current process, by number or by name: `signal("SIGKILL")`.',
  ),
  signalEntry(
    'signal_thread',
    'send_signal_thread',
    '5.5',
    'Sends a signal to the current thread, by number or by name.',
  ),
  override,
  writeUser,
  unwatch,
];
