/**
 * getopt: named parameters of a script. Each is a word in a map that user space fills before programs run, so that a
 * compiled script takes them as well.
 */
import type { Checker } from '../check/checker.ts';
import type { Constant, OptionSymbol } from '../check/model.ts';
import { argumentLiteral, optionMismatch } from '../diagnostics/messages.gen.ts';
import type { AccessSize } from '../ir/ir.ts';
import { withGlobal } from '../lower/globals.ts';
import type { Lowering } from '../lower/lowering.ts';
import { copyValue } from '../lower/memory.ts';
import type { ScriptOption } from '../script-info.ts';
import type { Expression } from '../syntax/ast.ts';
import { BOOL, INT64, roundUp, string } from '../types/make.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

export const OPTIONS_MAP = 'options';

/** Words of the command line: `--name`, `--name=value`. */
const NAME = /^[a-zA-Z_][a-zA-Z0-9_-]*$/;

function textOf(checker: Checker, argument: Expression, wanted: string): string | undefined {
  checker.valueType(argument);
  const constant = checker.constant(argument);
  if (constant?.kind === 'string') return new TextDecoder().decode(constant.bytes);
  checker.report(argumentLiteral(argument.span, { name: 'getopt', wanted }));
  return undefined;
}

/** A flag that is off, unless a default says otherwise. */
function defaultOf(checker: Checker, argument: Expression | undefined): Constant | undefined {
  if (argument === undefined) return { kind: 'boolean', value: false };
  checker.valueType(argument);
  const constant = checker.constant(argument);
  if (constant === undefined) {
    const wanted = 'a literal integer, string or bool as default';
    checker.report(argumentLiteral(argument.span, { name: 'getopt', wanted }));
  }
  return constant;
}

function optionOf(
  checker: Checker,
  { args: [name, initial, help], span }: CallSite,
): OptionSymbol | undefined {
  const text = textOf(checker, name!, 'a literal name');
  const value = defaultOf(checker, initial);
  const about = help && textOf(checker, help, 'a literal text as help');
  if (text === undefined || value === undefined) return undefined;
  if (!NAME.test(text) || text === 'help') {
    const wanted = 'a name of letters, digits, - and _, and not help';
    checker.report(argumentLiteral(name!.span, { name: 'getopt', wanted }));
    return undefined;
  }
  const { options, settings } = checker.model;
  const known = options.get(text);
  if (known === undefined) {
    const made: OptionSymbol = {
      name: text,
      initial: value,
      ...typed(value, settings.maxStrlen),
      firstUse: span,
    };
    if (about !== undefined) made.help = about;
    options.set(text, made);
    return made;
  }
  if (about !== undefined) known.help ??= about;
  if (same(known.initial, value)) return known;
  const related = [{ message: 'This is the first use.', span: known.firstUse }];
  checker.report(optionMismatch(span, { name: text }, { related }));
  return known;
}

function typed({ kind }: Constant, maxStrlen: number): Pick<OptionSymbol, 'type'> {
  if (kind === 'string') return { type: string(maxStrlen) };
  return { type: kind === 'boolean' ? BOOL : INT64 };
}

function same(left: Constant, right: Constant): boolean {
  if (left.kind === 'string' && right.kind === 'string') return left.bytes.join() === right.bytes.join();
  return left.kind !== 'string' && right.kind === left.kind && left.value === right.value;
}

/** Where each option lies in the map. */
export function optionLayout(options: ReadonlyMap<string, OptionSymbol>): readonly ScriptOption[] {
  let offset = 0;
  return [...options.values()].map(({ name, type, initial, help }): ScriptOption => {
    const at = offset;
    offset += roundUp(type.size, 8);
    const value = initial.kind === 'string' ? new TextDecoder().decode(initial.bytes) : initial.value;
    return { name, type, initial: value, ...(help !== undefined && { help }), map: OPTIONS_MAP, offset: at };
  });
}

function placeOfOption(low: Lowering, { args: [name] }: CallSite): ScriptOption {
  const constant = low.constant(name!);
  const text = constant?.kind === 'string' ? new TextDecoder().decode(constant.bytes) : '';
  const options = optionLayout(low.module.model.options);
  const size = options.reduce((sum, { type }) => sum + roundUp(type.size, 8), 0);
  low.module.internalMaps.set(OPTIONS_MAP, {
    name: OPTIONS_MAP,
    type: 'array',
    keySize: 4,
    valueSize: size,
    maxEntries: 1,
    flags: 0,
  });
  return options.find((option) => option.name === text)!;
}

export const OPTION_ENTRIES: readonly LibraryEntry[] = [
  {
    name: 'getopt',
    kind: 'function',
    signature: 'getopt(name[, default[, help]])',
    doc: 'A named parameter of the command line, after `--`: `--name=value`. Without a default a flag, `--name`.',
    arguments: { min: 1, max: 3 },
    check: (call, checker) => optionOf(checker, call)?.type,
    scalar: (call, low) => {
      const { type, offset } = placeOfOption(low, call);
      const local = low.b.local('option');
      low.b.setLocal(local, 0n);
      withGlobal(low, OPTIONS_MAP, (address) => {
        const value = low.b.load(address, offset, type.size as AccessSize, type.kind === 'integer');
        low.b.setLocal(local, value);
      });
      return low.b.getLocal(local);
    },
    into: (call, low, place, type) => {
      const option = placeOfOption(low, call);
      low.b.zero(place.base, place.offset, type.size, place.align);
      withGlobal(low, OPTIONS_MAP, (base) => {
        copyValue(low, { base, offset: option.offset, align: 8, stack: false }, option.type, place, type);
      });
    },
  },
];
