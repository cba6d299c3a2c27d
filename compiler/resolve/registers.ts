/** x86-64's calling convention in `struct pt_regs`, the context of kprobes and uprobes: where arguments and results are. */
import { CONTEXTS, contextField } from '../../bpf/contexts.ts';
import type { ArgumentPlace } from './probe-arguments.ts';

/** Registers of the first six integer arguments; the kernel passes them as programs do. */
const ARGUMENTS: readonly string[] = ['di', 'si', 'dx', 'cx', 'r8', 'r9'];
/** Other names of registers. */
const ALIASES: Readonly<Record<string, string>> = { pc: 'ip', orig_rax: 'orig_ax' };
const WORD = 8;

export const ARGUMENT_REGISTERS: number = ARGUMENTS.length;

/** Bytes from the start of `pt_regs`, of `ax`, `ip`, `arg0`; undefined when there is no such register. */
export function registerOffset(name: string): number | undefined {
  const index = /^arg([0-5])$/.exec(name)?.[1];
  const field = index === undefined ? (ALIASES[name] ?? name) : ARGUMENTS[Number(index)]!;
  const found = contextField(CONTEXTS.pt_regs, field);
  return found === undefined || /^(csx|ssx)$/.test(field) ? undefined : found.offset;
}

export function registerNames(): readonly string[] {
  const fields = CONTEXTS.pt_regs.fields.map(({ name }) => name);
  return [...fields, ...Object.keys(ALIASES), ...ARGUMENTS.map((_, index) => `arg${index}`)];
}

export function register(name: string): ArgumentPlace {
  return { kind: 'register', offset: registerOffset(name)!, shift: 0 };
}

/** Of the argument whose first eight bytes are number `word` of those passed in registers. */
export function argumentRegister(word: number): ArgumentPlace {
  return word < ARGUMENT_REGISTERS
    ? register(`arg${word}`)
    : { kind: 'nowhere', reason: 'only six arguments are passed in registers' };
}

/** Word `index` of the stack above the return address, when a function begins. */
export function stackWord(index: number, space: 'kernel' | 'user'): ArgumentPlace {
  const displacement = BigInt((index + 1) * WORD);
  return { kind: 'memory', space, base: registerOffset('sp')!, scale: 1, displacement };
}
