/** A user's program or library, described: what uprobes and USDT probes can be attached to. */

import type { Dwarf, FunctionSignature } from '../../bpf/dwarf/index.ts';
import { EM } from '../../bpf/elf/constants.ts';
import type { ElfFile } from '../../bpf/elf/file.ts';
import { isLoadable } from '../../bpf/elf/user/address.ts';
import type { FunctionSymbol, UserBinary } from '../../bpf/elf/user/index.ts';
import { nearest } from '../../compiler/resolve/suggest.ts';
import { CliError, EXIT } from '../io.ts';

/** A function as `--json` prints it. */
export interface BinaryFunction {
  readonly name: string;
  /** Of the symbol: `GLIBC_2.2.5`. */
  readonly version?: string;
  readonly kind: FunctionSymbol['kind'];
  readonly binding: FunctionSymbol['binding'];
  /** Hexadecimal, as the file was linked. */
  readonly address: string;
  /** Where in the file a uprobe goes; none when the file has no such byte. */
  readonly offset?: number;
  /** Bytes; 0 when unknown. */
  readonly size: number;
  /** In C, where debugging information tells it. */
  readonly prototype?: string;
  readonly source?: { readonly file: string; readonly line?: number };
}

/** Programs and libraries of any machine but BPF's. */
export function isUserBinary(elf: ElfFile): boolean {
  return isLoadable(elf) && elf.header.machine !== EM.BPF;
}

/**
 * All functions that names and patterns mean, each once, in the order of the names.
 * @throws CliError for a name that means nothing, with the nearest that does
 */
export function describeFunctions(
  binary: UserBinary,
  names: readonly string[],
  file: string,
): readonly BinaryFunction[] {
  const found = new Set<FunctionSymbol>();
  for (const name of names) for (const one of selectOne(binary, name, file)) found.add(one);
  return [...found].map((one) => describeFunction(binary, one));
}

function selectOne(binary: UserBinary, name: string, file: string): readonly FunctionSymbol[] {
  const { functions } = binary;
  const isPattern = /[*?[]/.test(name);
  const found = isPattern ? functions.matching(name) : namedInEitherWay(binary, name);
  if (found.length > 0) return found;
  if (isPattern) throw new CliError(`'${file}' has no function like '${name}'`, EXIT.refused);
  const near = nearest(
    name,
    functions.all.map((one) => one.name),
  );
  const hint = near === undefined ? '' : `; did you mean '${near}'?`;
  throw new CliError(`'${file}' has no function '${name}'${hint}`, EXIT.refused);
}

/** As the linker knows it, else as the source does: C++ and Rust have other symbols. */
function namedInEitherWay({ functions, dwarf }: UserBinary, name: string): readonly FunctionSymbol[] {
  const symbols = functions.named(name);
  if (symbols.length > 0) return symbols;
  const signatures = dwarf?.functions(name) ?? [];
  return signatures.flatMap(({ address }) => {
    const one = address === undefined ? undefined : functions.at(address);
    return one?.address === address && one !== undefined ? [one] : [];
  });
}

function describeFunction(binary: UserBinary, one: FunctionSymbol): BinaryFunction {
  const { name, version, kind, binding, address, size } = one;
  const offset = binary.fileOffset(address);
  const { dwarf } = binary;
  const signature = binary.functionSignature(name, address);
  return {
    name,
    ...(version !== undefined && { version: version.name }),
    kind,
    binding,
    address: `0x${address.toString(16)}`,
    ...(offset !== undefined && { offset }),
    size,
    ...(dwarf !== undefined && signature !== undefined && toldBy(dwarf, signature)),
  };
}

function toldBy(dwarf: Dwarf, signature: FunctionSignature): Pick<BinaryFunction, 'prototype' | 'source'> {
  const { file, line } = signature;
  return {
    prototype: prototypeOf(dwarf, signature),
    ...(file !== undefined && { source: { file, ...(line !== undefined && { line }) } }),
  };
}

/** What a function returns winds around it: `int (*handler(int number))(int)`. */
function prototypeOf(dwarf: Dwarf, { name, parameters, variadic, returns }: FunctionSignature): string {
  const texts = parameters.map((one) => dwarf.text(one.type, one.name));
  if (variadic) texts.push('...');
  return dwarf.text(returns, `${name}(${texts.length === 0 ? 'void' : texts.join(', ')})`);
}
