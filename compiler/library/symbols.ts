/** Addresses and their names: ksym, usym, kaddr, percpu_kaddr, uaddr, kfunc_exist, kfunc_allowed. */

import type { UserBinary } from '../../bpf/elf/user/index.ts';
import { isAtLeast } from '../../bpf/kernel-release.ts';
import type { Checker } from '../check/checker.ts';
import {
  argumentLiteral,
  argumentType,
  builtinUnavailable,
  needsKernel,
  unknownSymbol,
  unknownSymbols,
} from '../diagnostics/messages.gen.ts';
import type { Operand } from '../ir/ir.ts';
import { scalar } from '../lower/expressions.ts';
import { perCpuAddress, symbolAddress } from '../lower/symbols.ts';
import { registerOffset } from '../resolve/registers.ts';
import { findUserSymbol, isFixed, linkedAddress, type UserSymbol } from '../resolve/user-symbol.ts';
import type { Expression } from '../syntax/ast.ts';
import { BOOL, integer, pointer, UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import type { Type } from '../types/type.ts';
import { integerArgument } from './arguments.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

const KSYM: Type = { kind: 'ksym', size: 8 };
/** The address, then the process it is of. */
const USYM: Type = { kind: 'usym', size: 16 };

function checkAddress({ args: [value], name }: CallSite, checker: Checker): boolean {
  const type = checker.valueType(value!);
  if (type === undefined) return false;
  if (type.kind === 'integer' || type.kind === 'pointer' || type.kind === KSYM.kind) return true;
  const wanted = 'integer or pointer';
  checker.report(argumentType(value!.span, { name, wanted, found: typeName(type) }));
  return false;
}

const ksym: LibraryEntry = {
  name: 'ksym',
  kind: 'function',
  signature: 'ksym(address)',
  doc: `A kernel address that prints as the name of its function or variable, without an offset; 0x… where there is none. As a
map key it is the address.`,
  arguments: { min: 1, max: 1 },
  check: (call, checker) => (checkAddress(call, checker) ? KSYM : undefined),
  into: ({ args: [value] }, low, place) => low.storeScalar(place, UINT64, scalar(low, value!)),
};

const usym: LibraryEntry = {
  name: 'usym',
  kind: 'function',
  signature: 'usym(address)',
  doc: `An address of the current process that prints as the name of its function, without an offset; 0x… where there is none.
As a map key it is the address and the process.`,
  arguments: { min: 1, max: 1 },
  check: (call, checker) => (checkAddress(call, checker) ? USYM : undefined),
  into: ({ args: [value] }, low, place) => {
    const { b } = low;
    low.storeScalar(place, UINT64, scalar(low, value!));
    const process = b.binary('lshr', b.callHelper('get_current_pid_tgid', []), 32n);
    b.store(place.base, place.offset + 8, 8, process);
  },
};

/** The text of a literal; undefined, with a report, when it is none. */
function literalName(
  checker: Checker,
  name: string,
  argument: Expression,
  wanted: string,
): string | undefined {
  checker.valueType(argument);
  const constant = checker.constant(argument);
  if (constant?.kind === 'string') return new TextDecoder().decode(constant.bytes);
  checker.report(argumentLiteral(argument.span, { name, wanted }));
  return undefined;
}

function checkKernelSymbol(call: CallSite, checker: Checker): void {
  const [argument] = call.args;
  const { kernel } = checker.model;
  const symbol = literalName(
    checker,
    call.name,
    argument!,
    'the name of a kernel symbol as a string literal',
  );
  if (symbol === undefined) return;
  if (kernel.symbolAddress !== undefined) {
    if (kernel.symbolAddress(symbol) === undefined)
      checker.report(unknownSymbol(argument!.span, { symbol, place: kernel.name }));
  } else if (!kernel.reach.kernelMemory) {
    checker.report(unknownSymbols(call.span, { name: call.name, kernel: kernel.name }));
  }
}

function symbolOf({ args: [argument] }: CallSite, text: (one: Expression) => unknown): string {
  const constant = text(argument!) as { readonly kind: string; readonly bytes?: Uint8Array } | undefined;
  return new TextDecoder().decode(constant?.bytes ?? new Uint8Array());
}

const kaddr: LibraryEntry = {
  name: 'kaddr',
  kind: 'function',
  signature: 'kaddr("symbol")',
  doc: `Address of a kernel symbol (\`/proc/kallsyms\`), known when the program is loaded: \`*(uint64*)kaddr("avenrun")\`.`,
  arguments: { min: 1, max: 1 },
  check: (call, checker) => {
    checkKernelSymbol(call, checker);
    return UINT64;
  },
  scalar: (call, low) =>
    symbolAddress(
      low,
      symbolOf(call, (one) => low.constant(one)),
    ),
};

const percpuKaddr: LibraryEntry = {
  name: 'percpu_kaddr',
  kind: 'function',
  signature: 'percpu_kaddr("symbol"[, cpu])',
  doc: `Address of a CPU's copy of a per-CPU kernel variable; of the current CPU when none is given. It is 0 when the machine
has no such CPU, so compare it with 0 before you read through it.`,
  arguments: { min: 1, max: 2 },
  check: (call, checker) => {
    const [, cpu] = call.args;
    checkKernelSymbol(call, checker);
    checker.need({ kind: 'kernel-memory', what: 'percpu_kaddr()', span: call.span });
    if (cpu !== undefined) integerArgument(checker, cpu, call.name);
    return pointer(UINT64, 'kernel');
  },
  scalar: (call, low) => {
    const [, cpu] = call.args;
    const name = symbolOf(call, (one) => low.constant(one));
    return perCpuAddress(low, name, cpu && scalar(low, cpu));
  },
};

/** The binary of the probe and the symbol in it; reports what is wrong. */
function userSymbol(
  call: CallSite,
  checker: Checker,
): { readonly binary: UserBinary; readonly symbol: UserSymbol } | undefined {
  const [argument] = call.args;
  const { point } = checker.unit.points[0]!;
  const name = literalName(checker, 'uaddr', argument!, 'the name of a symbol as a string literal');
  if (point.kind !== 'uprobe' && point.kind !== 'uretprobe' && point.kind !== 'usdt') {
    checker.report(builtinUnavailable(call.span, { name: 'uaddr', probes: 'uprobe, uretprobe and usdt' }));
    return undefined;
  }
  const binary = checker.model.kernel.binaries?.open(point.target);
  if (name === undefined || binary === undefined) return undefined;
  const symbol = findUserSymbol(binary, name);
  if (symbol !== undefined) return { binary, symbol };
  checker.report(unknownSymbol(argument!.span, { symbol: name, place: point.target }));
  return undefined;
}

const uaddr: LibraryEntry = {
  name: 'uaddr',
  kind: 'function',
  signature: 'uaddr("symbol")',
  doc: `Address of a variable or function of the traced program, as a pointer to an integer of the symbol's size. Programs that
are loaded anywhere (PIE, libraries) are followed to where they are, by the place of the probe that fired.`,
  arguments: { min: 1, max: 1 },
  check: (call, checker) => {
    const found = userSymbol(call, checker);
    if (found === undefined) return undefined;
    const { binary, symbol } = found;
    const point = checker.unit.points[0]!;
    if (!isFixed(binary.elf)) {
      if (linkedAddress(point, binary) === undefined)
        return checker.unsupported(call.span, `uaddr() of a library or PIE in ${point.point.kind} probes`);
      if (point.point.kind === 'uretprobe' && !isAtLeast(checker.model.target.release, '6.6'))
        checker.report(
          needsKernel(call.span, { what: 'uaddr() of a PIE in uretprobe probes', version: '6.6' }),
        );
    }
    const size = ([1, 2, 4, 8] as const).find((one) => one === symbol.size) ?? 8;
    return pointer(integer(size, false), 'user');
  },
  scalar: (call, low): Operand => {
    const { b } = low;
    const point = low.unit.points[0]!;
    const target = 'target' in point.point ? point.point.target : '';
    const binary = low.module.model.kernel.binaries?.open(target);
    const symbol =
      binary &&
      findUserSymbol(
        binary,
        symbolOf(call, (one) => low.constant(one)),
      );
    if (binary === undefined || symbol === undefined) return low.constantValue(0n);
    if (isFixed(binary.elf)) return low.constantValue(symbol.address);
    const linked = linkedAddress(point, binary) ?? 0n;
    const here =
      point.point.kind === 'uretprobe'
        ? b.callHelper('get_func_ip', [low.context()])
        : b.load(low.context(), registerOffset('ip')!, 8);
    return b.binary('add', here, BigInt.asIntN(64, symbol.address - linked));
  },
};

/** What BTF says of a kernel function. */
function kernelFunction(
  name: string,
  doc: string,
  holds: (checker: Checker, name: string) => boolean,
): LibraryEntry {
  return {
    name,
    kind: 'function',
    signature: `${name}("function")`,
    doc,
    arguments: { min: 1, max: 1 },
    check: (call, checker) => {
      const [argument] = call.args;
      const wanted = 'the name of a kernel function as a string literal';
      const found = literalName(checker, name, argument!, wanted);
      if (found !== undefined)
        checker.setConstant(call.node, { kind: 'boolean', value: holds(checker, found) });
      return BOOL;
    },
  };
}

function hasFunction({ model: { kernel } }: Checker, name: string): boolean {
  const tables = [kernel.btf, ...(kernel.moduleBtf?.values() ?? [])];
  return tables.some((btf) => btf?.findAll(name).some((id) => btf.kindOf(id) === 'func') ?? false);
}

/** Kernels mark the functions that programs may call since 6.10; before, nothing in BTF tells them from others. */
function isCallable(checker: Checker, name: string): boolean {
  const { kernel } = checker.model;
  const tables = [kernel.btf, ...(kernel.moduleBtf?.values() ?? [])].filter((one) => one !== undefined);
  return tables.some((btf) => {
    const ids = btf.findAll(name).filter((id) => btf.kindOf(id) === 'func');
    return ids.some((id) =>
      btf.findAll('bpf_kfunc').some((tag) => {
        const type = btf.type(tag);
        return type.kind === 'decl_tag' && type.type === id;
      }),
    );
  });
}

export const SYMBOL_ENTRIES: readonly LibraryEntry[] = [
  ksym,
  usym,
  kaddr,
  percpuKaddr,
  uaddr,
  kernelFunction(
    'kfunc_exist',
    'True when the kernel has a function of that name, by its BTF; known when the script is compiled.',
    hasFunction,
  ),
  kernelFunction(
    'kfunc_allowed',
    `True when the kernel lets programs call that function, by the marks in its BTF (Linux 6.10); known when the script is
compiled.`,
    isCallable,
  ),
];
