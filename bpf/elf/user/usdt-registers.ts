/**
 * Registers that USDT arguments name, and where the kernel keeps them: the member of `struct pt_regs` (`user_pt_regs`)
 * that a program at a uprobe gets as its context, and its offset there. One table an architecture, from the kernel's
 * `arch/<name>/include/uapi/asm/ptrace.h` (`asm/ptrace.h` for x86).
 */
import { EM } from '../constants.ts';

export interface UsdtRegister {
  /** As the note writes it, without `%`: `r12w`. */
  readonly name: string;
  /** Member of the context: `r12`, `regs[3]`. Undefined where the kernel does not hand the register out (`xmm0`). */
  readonly field: string | undefined;
  /** Bytes from the start of the context. */
  readonly offset: number | undefined;
  /** Bits below the wanted ones: 8 of `ah`, else 0. */
  readonly shift: number;
}

export interface RegisterSet {
  /** Undefined when no register has that name. */
  find(name: string): UsdtRegister | undefined;
}

/** Undefined for machines without a table. */
export function registersOf(machine: number): RegisterSet | undefined {
  switch (machine) {
    case EM.X86_64:
      return setOf(X86_64, x86Parts64);
    case EM[386]:
      return setOf(I386, x86Parts32);
    case EM.AARCH64:
      return { find: findAarch64 };
    case EM.ARM:
      return setOf(ARM, (field) => [field]);
    case EM.RISCV:
      return setOf(RISCV, (field) => (field === 's0' ? ['s0', 'fp'] : [field]));
    case EM.S390:
      return numbered(/^r(\d+)$/, 16, (index) => ({ field: `gprs[${index}]`, offset: 24 + index * 8 }));
    case EM.PPC64:
      return numbered(/^r?(\d+)$/, 32, (index) => ({ field: `gpr[${index}]`, offset: index * 8 }));
    case EM.LOONGARCH:
      return numbered(/^\$?r(\d+)$/, 32, (index) => ({ field: `regs[${index}]`, offset: index * 8 }));
    default:
      return undefined;
  }
}

/** Members in order; each takes a word. */
interface WordFields {
  readonly word: number;
  readonly fields: readonly string[];
}

const X86_64: WordFields = {
  word: 8,
  fields: 'r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss'.split(' '),
};
const I386: WordFields = {
  word: 4,
  fields: 'bx cx dx si di bp ax ds es fs gs orig_ax ip cs flags sp ss'.split(' '),
};
const ARM: WordFields = {
  word: 4,
  fields: 'r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 fp ip sp lr pc'.split(' '),
};
const RISCV: WordFields = {
  word: 8,
  fields:
    'pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6'.split(
      ' ',
    ),
};

/** All names of a member. The name of a high byte begins with `>`. */
type Parts = (field: string) => readonly string[];

const LETTERS: readonly string[] = ['ax', 'bx', 'cx', 'dx'];
const POINTERS: readonly string[] = ['si', 'di', 'bp', 'sp'];

function x86Parts64(field: string): readonly string[] {
  if (LETTERS.includes(field)) return [`r${field}`, ...x86Parts32(field)];
  if (POINTERS.includes(field)) return [`r${field}`, ...x86Parts32(field), `${field}l`];
  if (field === 'ip') return ['rip', 'eip'];
  return /^r\d+$/.test(field) ? [field, `${field}d`, `${field}w`, `${field}b`] : [];
}

function x86Parts32(field: string): readonly string[] {
  const letter = field.charAt(0);
  if (LETTERS.includes(field)) return [`e${field}`, field, `${letter}l`, `>${letter}h`];
  if (POINTERS.includes(field)) return [`e${field}`, field];
  return field === 'ip' ? ['eip'] : [];
}

function setOf({ word, fields }: WordFields, parts: Parts): RegisterSet {
  const registers = new Map<string, UsdtRegister>();
  fields.forEach((field, index) => {
    for (const part of parts(field)) {
      const isHigh = part.startsWith('>');
      const name = isHigh ? part.slice(1) : part;
      registers.set(name, { name, field, offset: index * word, shift: isHigh ? 8 : 0 });
    }
  });
  return { find: (name) => registers.get(name) ?? vector(name) };
}

/** Floating point and vector registers are real, but not in the context. */
function vector(name: string): UsdtRegister | undefined {
  return /^(([xyz]mm|[vqdsf]|f[ast])\d+|st(\(\d\))?)$/.test(name)
    ? { name, field: undefined, offset: undefined, shift: 0 }
    : undefined;
}

function numbered(
  pattern: RegExp,
  count: number,
  place: (index: number) => { readonly field: string; readonly offset: number },
): RegisterSet {
  return {
    find: (name) => {
      const index = Number(pattern.exec(name)?.[1] ?? Number.NaN);
      return index < count ? { name, ...place(index), shift: 0 } : vector(name);
    },
  };
}

function findAarch64(name: string): UsdtRegister | undefined {
  if (name === 'sp' || name === 'wsp') return { name, field: 'sp', offset: 248, shift: 0 };
  const index = Number(/^[xw](\d+)$/.exec(name)?.[1] ?? Number.NaN);
  return index < 31 ? { name, field: `regs[${index}]`, offset: index * 8, shift: 0 } : vector(name);
}
