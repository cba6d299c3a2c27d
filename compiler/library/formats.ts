/** What prints by a format string: printf and its kin, `cat` and `system`, whose names and commands are formats too. */

import type { Checker } from '../check/checker.ts';
import { readType } from '../check/loops.ts';
import {
  argumentLiteral,
  debugfArguments,
  debugfConversion,
  debugfProduction,
  formatExtra,
  formatMissing,
  formatSpecifier,
  formatType,
} from '../diagnostics/messages.gen.ts';
import { type Conversion, parseFormat } from '../format/parse.ts';
import type { Operand } from '../ir/ir.ts';
import { branchOn } from '../lower/conditions.ts';
import { address, placeOf, scalar } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { into } from '../lower/memory.ts';
import { emitRecord, type RecordPart } from '../lower/output.ts';
import { lowerSeqPrintf, MOST_SEQ_VALUES, seqProblem } from '../lower/seq-printf.ts';
import { leaveProbe } from '../lower/statements.ts';
import type { FormatPiece } from '../script-info.ts';
import type { Expression } from '../syntax/ast.ts';
import { INT64, integer, NONE } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { isAggregate, isReadableAggregate, isScalar } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

/** As bpftrace's table of arguments: a format and up to 127 values. */
const ARGUMENTS = { min: 1, max: 128 } as const;

/** How a value travels to user space for a format: numbers in 64 bits, aggregations as their number. */
function printedType(type: Type): Type {
  const read = settle(isReadableAggregate(type) ? readType(type) : type);
  return read.kind === 'integer' && read.enum === undefined ? integer(8, read.signed) : read;
}

function checkFormat({ args, name }: CallSite, checker: Checker): readonly Conversion[] {
  const [format, ...values] = args;
  checker.valueType(format!);
  const types = values.map((value) => checker.valueType(value));
  const constant = checker.constant(format!);
  if (constant?.kind !== 'string') {
    checker.report(argumentLiteral(format!.span, { name, wanted: 'a format string as first argument' }));
    return [];
  }
  const { conversions, bad } = parseFormat(constant.bytes);
  if (bad !== undefined) {
    checker.report(formatSpecifier(format!.span, { specifier: bad }));
    return [];
  }
  const counts = { name, given: values.length, wanted: conversions.length };
  if (values.length < conversions.length) checker.report(formatMissing(format!.span, counts));
  if (values.length > conversions.length)
    checker.report(formatExtra(values[conversions.length]!.span, counts));
  for (const [index, { conversion }] of conversions.entries()) {
    const type = types[index];
    if (type === undefined || accepts(conversion, readType(type))) continue;
    checker.report(formatType(values[index]!.span, { type: typeName(type), specifier: conversion }));
  }
  return conversions;
}

function accepts(conversion: Conversion['conversion'], type: Type): boolean {
  if (conversion === 's') return !isAggregate(type);
  if (conversion === 'r' || conversion === 'rx' || conversion === 'rh') return type.kind === 'buffer';
  if (conversion === 'gr') return type.kind === 'integer';
  return type.kind === 'integer' || type.kind === 'boolean' || type.kind === 'pointer';
}

/** What is formatted in user space. */
type Formatted = 'printf' | 'errorf' | 'warnf' | 'cat' | 'system';

function lowerFormat(kind: Formatted): LibraryEntry['effect'] {
  return ({ args, span }, low) => {
    const [format, ...values] = args;
    const constant = low.constant(format!);
    if (constant?.kind !== 'string') return;
    if (kind === 'printf' && low.unit.points[0]?.point.kind === 'iter') {
      lowerSeqPrintf(low, constant.bytes, values);
      return;
    }
    const parts = values.map((value): RecordPart => {
      const type = printedType(low.type(value));
      return { type, fill: (place) => into(low, value, place, type) };
    });
    const { pieces } = parseFormat(constant.bytes);
    emitRecord(low, parts, (fields) => ({ kind, span, format: pieces, args: fields }));
  };
}

function formatted(name: Formatted, doc: string, more: Pick<LibraryEntry, 'unsafe'> = {}): LibraryEntry {
  return {
    name,
    kind: 'function',
    signature: `${name}(format, ...)`,
    doc,
    arguments: ARGUMENTS,
    asynchronous: true,
    check: (call, checker) => {
      const conversions = checkFormat(call, checker);
      if (name === 'printf' && checker.unit.points[0]?.point.kind === 'iter')
        checkSeqPrintf(call, conversions, checker);
      return NONE;
    },
    effect: lowerFormat(name)!,
    ...more,
  };
}

/** An iterator's text is made by the kernel, which knows fewer formats. */
function checkSeqPrintf(
  { args: [, ...values] }: CallSite,
  conversions: readonly Conversion[],
  checker: Checker,
): void {
  if (values.length > MOST_SEQ_VALUES)
    checker.unsupported(values[MOST_SEQ_VALUES]!.span, `more than ${MOST_SEQ_VALUES} values in iter probes`);
  for (const [index, conversion] of conversions.entries()) {
    const value = values[index];
    const type = value && checker.unit.types.get(value);
    const problem = type && seqProblem(conversion, type.kind === 'string');
    if (problem !== undefined) checker.unsupported(value!.span, problem);
  }
}

/** `bpf_trace_printk` takes the format and three words. */
const DEBUG_VALUES = 3;
const DEBUG_CONVERSIONS = new Set(['d', 'i', 'u', 'x', 'X', 'c', 'p', 's']);

const debugf: LibraryEntry = {
  name: 'debugf',
  kind: 'function',
  signature: 'debugf(format, ...)',
  doc: 'Prints to the trace pipe of the kernel, at once, up to three values. For debugging only.',
  arguments: ARGUMENTS,
  check: (call, checker) => {
    checker.report(debugfProduction(call.span));
    if (call.args.length > 1 + DEBUG_VALUES) {
      checker.report(debugfArguments(call.args[1 + DEBUG_VALUES]!.span, { limit: DEBUG_VALUES }));
    }
    for (const [index, { conversion }] of checkFormat(call, checker).entries()) {
      const value = call.args[index + 1];
      if (value === undefined) continue;
      const type = checker.unit.types.get(value);
      const text = type?.kind === 'string' || checker.constant(value)?.kind === 'string';
      if (DEBUG_CONVERSIONS.has(conversion) && (conversion === 's') === text) continue;
      const found = type === undefined ? 'value' : typeName(type);
      checker.report(debugfConversion(value.span, { specifier: `%${conversion}`, type: found }));
    }
    return NONE;
  },
  effect: ({ args }, low) => {
    const [format, ...values] = args;
    const constant = low.constant(format!);
    if (constant?.kind !== 'string') return;
    low.temporaries(() => {
      const words = values.map((value) => debugWord(low, value));
      const text = new Uint8Array(constant.bytes.length + 1);
      text.set(constant.bytes);
      const place = low.allocate(text.length, 8);
      low.b.storeBytes(place.base, place.offset, text, place.align);
      low.b.callHelper('trace_printk', [address(low, place), BigInt(text.length), ...words]);
    });
  },
};

/** A number, or the address of a text. */
function debugWord(low: Lowering, value: Expression): Operand {
  const type = low.type(value);
  if (isScalar(type) || isAggregate(type)) return scalar(low, value);
  return address(low, placeOf(low, value));
}

const assert: LibraryEntry = {
  name: 'assert',
  kind: 'function',
  signature: 'assert(condition, message)',
  doc: 'When the condition is false: prints the message as an error and ends with exit code 1.',
  arguments: { min: 2, max: 2 },
  asynchronous: true,
  check: ({ args: [condition, message] }, checker) => {
    checker.condition(condition!);
    const type = checker.valueType(message!);
    if (type !== undefined && type.kind !== 'string') {
      checker.report(argumentLiteral(message!.span, { name: 'assert', wanted: 'a message' }));
    }
    return NONE;
  },
  effect: ({ args: [condition, message], span }, low) => {
    const { b } = low;
    const [failed, holds] = [b.block(), b.block()];
    low.temporaries(() => branchOn(low, condition!, holds, failed));
    b.enter(failed);
    const type = low.type(message!);
    const text: RecordPart = { type, fill: (place) => into(low, message!, place, type) };
    emitRecord(low, [text], (args) => ({ kind: 'errorf', span, format: [PLAIN_TEXT], args }));
    emitExit(low, span, low.constantValue(1n));
    b.enter(holds);
  },
};

const PLAIN_TEXT: FormatPiece = {
  kind: 'conversion',
  arg: 0,
  flags: { left: false, plus: false, space: false, alternate: false, zero: false },
  length: '',
  conversion: 's',
};

/** Asks user space to end, and leaves the probe. */
export function emitExit(low: Lowering, span: CallSite['span'], code: Operand): void {
  const part: RecordPart = { type: INT64, fill: (place) => low.storeScalar(place, INT64, code) };
  emitRecord(low, [part], ([field]) => ({ kind: 'exit', span, code: field! }));
  leaveProbe(low);
}

/** Functions whose first argument is a format. */
export const FORMATTED: readonly LibraryEntry[] = [
  formatted('printf', 'Prints its arguments by the format.'),
  formatted('errorf', 'Prints an error with the place in the script it comes from; fails a test.'),
  formatted(
    'warnf',
    'Prints a warning with the place in the script it comes from; --no-warnings silences it.',
  ),
  formatted('cat', 'Prints a file of the machine that bpfkit runs on, at most max_cat_bytes of it.'),
  formatted('system', 'Runs a command of the shell and prints what it writes; tracing waits for it.', {
    unsafe: true,
  }),
  debugf,
];

export const FORMAT_ENTRIES: readonly LibraryEntry[] = [...FORMATTED, assert];
