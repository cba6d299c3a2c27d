/**
 * What the kernel provides: undefined symbols with a variable or function in BTF's `.kconfig` or `.ksyms` (libbpf's
 * `bpf_object__collect_externs`). Configuration values are laid out in the map `.kconfig`, largest alignment first.
 */

import type { Btf } from '../../btf/btf.ts';
import { dataSectionOf } from '../../btf/data-section.ts';
import { alignOf, resolveType, sizeOf, skipTypedefs } from '../../btf/layout.ts';
import type { BtfType, TypeId } from '../../btf/type.ts';
import type { Extern } from '../../object.ts';
import { SHN, STB, STT } from '../constants.ts';
import type { ElfSymbol } from '../symbol.ts';
import type { ObjectFile } from './object-file.ts';

/**
 * Externs by name: configuration first, as they lie in their map, then kernel symbols by name. `unlinked`: what nobody
 * declares is another object's. @throws FormatError
 */
export function readExterns(
  file: ObjectFile,
  btf: Btf | undefined,
  unlinked = false,
): ReadonlyMap<string, Extern> {
  const symbols = file.symbols.filter(isExtern);
  if (symbols.length === 0) return new Map();
  // Without types the use tells: see references.ts.
  if (btf === undefined) return new Map();
  const declared = externTypes(btf);
  const configs: ConfigExtern[] = [];
  const kernel: Extern[] = [];
  for (const symbol of symbols) {
    const weak = symbol.binding === STB.WEAK;
    const place = declared.get(symbol.name);
    if (place === undefined) {
      const type = findDeclaration(btf, symbol.name);
      if (!unlinked) return file.failSymbol(symbol, missing(btf, type));
      kernel.push({ kind: 'unlinked', name: symbol.name, weak, ...(type === undefined ? {} : { type }) });
      continue;
    }
    if (place.section === '.kconfig') configs.push(configExtern(file, btf, symbol, place.type));
    else kernel.push(kernelExtern(file, btf, symbol, place.type));
  }
  const total = configs.reduce((sum, { size }) => sum + size, 0);
  if (total > MAX_CONFIG)
    return file.failSymbol(symbols[0]!, `and others are ${total} bytes of configuration`);
  const externs = [...placeConfigs(configs), ...kernel.toSorted((a, b) => compare(a.name, b.name))];
  return new Map(externs.map((one) => [one.name, one]));
}

/** The size of the map `.kconfig`; 0 when there is none. */
export function kconfigSize(externs: Iterable<Extern>): number {
  let end = 0;
  for (const one of externs) if (one.kind === 'kconfig') end = Math.max(end, one.offset + one.size);
  return end;
}

export function isExtern({ section, special, binding, type, name }: ElfSymbol): boolean {
  const isBound = binding === STB.GLOBAL || binding === STB.WEAK;
  return section === SHN.UNDEF && !special && isBound && name !== '' && type !== STT.SECTION;
}

function findDeclaration(btf: Btf, name: string): TypeId | undefined {
  return btf.find(name, 'func') ?? btf.find(name, 'var');
}

function missing(btf: Btf, id: TypeId | undefined): string {
  const type = id === undefined ? undefined : btf.type(id);
  const isDeclared = (type?.kind === 'func' || type?.kind === 'var') && type.linkage === 'extern';
  return isDeclared
    ? 'is of another object: bpfkit link them first'
    : 'is nowhere defined, and no type declares it';
}

interface Declaration {
  readonly section: string;
  /** A variable, or a function. */
  readonly type: TypeId;
}

function externTypes(btf: Btf): ReadonlyMap<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const section of ['.kconfig', '.ksyms']) {
    for (const { type: variable } of dataSectionOf(btf, section)?.variables ?? []) {
      found.set(btf.nameOf(variable), { section, type: variable });
    }
  }
  return found;
}

function kernelExtern(file: ObjectFile, btf: Btf, symbol: ElfSymbol, id: TypeId): Extern {
  const { name } = symbol;
  const weak = symbol.binding === STB.WEAK;
  const type = btf.type(id);
  if (type.kind === 'func') return { kind: 'kfunc', name, weak, type: id };
  if (type.kind !== 'var') return file.failSymbol(symbol, `is of kind ${type.kind}, no variable`);
  const isTypeless = skipTypedefs(btf, type.type) === 0;
  return { kind: 'ksym', name, weak, ...(isTypeless ? {} : { type: type.type }) };
}

interface ConfigExtern {
  readonly name: string;
  readonly weak: boolean;
  readonly type: TypeId;
  readonly size: number;
  readonly align: number;
}

function configExtern(file: ObjectFile, btf: Btf, symbol: ElfSymbol, id: TypeId): ConfigExtern {
  const variable = btf.type(id);
  const type = variable.kind === 'var' ? variable.type : id;
  const size = sizeOf(btf, type) ?? 0;
  const align = alignOf(btf, type) ?? 0;
  if (size === 0 || align === 0 || configKind(btf, type) === undefined) {
    return file.failSymbol(symbol, 'has a type that can hold no configuration value');
  }
  return { name: symbol.name, weak: symbol.binding === STB.WEAK, type, size, align };
}

/** What a configuration value is written into (libbpf's `find_kcfg_type`). */
export type ConfigKind =
  | { readonly kind: 'bool' | 'char' | 'tristate' | 'string' }
  | { readonly kind: 'int'; readonly signed: boolean };

export function configKind(btf: Btf, id: TypeId): ConfigKind | undefined {
  const type: BtfType = resolveType(btf, id);
  switch (type.kind) {
    case 'int':
      if (type.encoding === 'bool') return type.size === 1 ? { kind: 'bool' } : undefined;
      if (type.size === 1 && type.encoding === 'char') return { kind: 'char' };
      if (type.size > 8) return undefined;
      return type.size === 1 ? { kind: 'char' } : { kind: 'int', signed: type.signed };
    case 'enum':
      return type.size === 4 && type.name === 'libbpf_tristate' ? { kind: 'tristate' } : undefined;
    case 'enum64':
      return type.size === 8 && type.name === 'libbpf_tristate' ? { kind: 'tristate' } : undefined;
    case 'array': {
      const element = resolveType(btf, type.element);
      const isText = element.kind === 'int' && element.size === 1 && element.encoding !== 'bool';
      return isText && type.count > 0 ? { kind: 'string' } : undefined;
    }
    default:
      return undefined;
  }
}

/** libbpf's `cmp_externs`, then one after the other. */
function placeConfigs(configs: readonly ConfigExtern[]): readonly Extern[] {
  let end = 0;
  return configs
    .toSorted((a, b) => b.align - a.align || a.size - b.size || compare(a.name, b.name))
    .map(({ name, weak, type, size, align }) => {
      const offset = Math.ceil(end / align) * align;
      end = offset + size;
      return { kind: 'kconfig', name, weak, type, offset, size };
    });
}

/** All values together; those of a whole kernel would be less. */
const MAX_CONFIG = 1 << 20;

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
