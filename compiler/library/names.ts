/** strerror, signal_name and syscall_name: texts of numbers, from tables the program carries. */
import { ERRNO_TEXTS, UNKNOWN_ERRNO } from '../../bpf/errno-texts.ts';
import { signalName } from '../../bpf/signals.ts';
import { SYSCALL_NAMES } from '../../bpf/syscall-names.ts';
import { literal } from '../check/expressions.ts';
import { scalar } from '../lower/expressions.ts';
import { rowSize, type TextTable, tableText } from '../lower/text-table.ts';
import { string } from '../types/make.ts';
import { integerArgument } from './arguments.ts';
import type { LibraryEntry } from './entry.ts';

const ERRORS: TextTable = { map: '.rodata.errors', texts: ERRNO_TEXTS, unknown: UNKNOWN_ERRNO };
const SIGNALS: TextTable = {
  map: '.rodata.signals',
  texts: Array.from({ length: 65 }, (_, number) => signalName(number)),
  unknown: 'UNKNOWN',
};
const SYSCALLS: TextTable = {
  map: '.rodata.syscalls',
  texts: Array.from({ length: Math.max(...SYSCALL_NAMES.keys()) + 1 }, (_, number) =>
    SYSCALL_NAMES.get(number),
  ),
  unknown: 'unknown',
};

function textOfNumber(name: string, signature: string, doc: string, table: TextTable): LibraryEntry {
  return {
    name,
    kind: 'function',
    signature,
    doc,
    arguments: { min: 1, max: 1 },
    check: ({ args: [number], node, span }, checker) => {
      if (integerArgument(checker, number!, name) === undefined) return undefined;
      const constant = checker.constant(number!);
      if (constant?.kind !== 'integer') {
        checker.require(span, `${name}() of a number known at run time`, 'map_value_address');
        return string(rowSize(table));
      }
      const text = table.texts[Number(BigInt.asUintN(32, constant.value))] ?? table.unknown;
      return literal(checker, node, { kind: 'string', bytes: new TextEncoder().encode(text) });
    },
    into: ({ args: [number] }, low, place, type) =>
      tableText(low, table, scalar(low, number!), place, type.size),
  };
}

export const NAME_ENTRIES: readonly LibraryEntry[] = [
  textOfNumber(
    'strerror',
    'strerror(int errno)',
    `Text of an error number, as strerror(3) has it: \`strerror(2)\` is "No such file or directory". System calls return
errors as negative numbers: \`strerror(-args.ret)\`. Numbers without a text give "${UNKNOWN_ERRNO}".`,
    ERRORS,
  ),
  textOfNumber(
    'signal_name',
    'signal_name(int signal)',
    'Name of a signal: `signal_name(9)` is "SIGKILL". Numbers that are no signal give "UNKNOWN".',
    SIGNALS,
  ),
  textOfNumber(
    'syscall_name',
    'syscall_name(int number)',
    'Name of an x86-64 system call: `syscall_name(0)` is "read". Numbers of none give "unknown".',
    SYSCALLS,
  ),
];
