/** `FunctionTable`: the functions of a binary by name, by pattern and by address. */

import { globMatcher } from '../../glob.ts';
import type { FunctionSymbol } from './function-symbol.ts';
import { splitName } from './function-symbol.ts';

export class FunctionTable {
  /** By address, then name; each once. */
  readonly all: readonly FunctionSymbol[];
  readonly #byName = new Map<string, FunctionSymbol | FunctionSymbol[]>();

  constructor(functions: readonly FunctionSymbol[]) {
    this.all = unique([...functions].sort(inOrder));
    for (const one of this.all) {
      const others = this.#byName.get(one.name);
      // Nearly every name is there once: a list for each would cost more than the symbols.
      if (others === undefined) this.#byName.set(one.name, one);
      else if (Array.isArray(others)) others.push(one);
      else this.#byName.set(one.name, [others, one]);
    }
  }

  /**
   * All functions that a name may mean (`read`, `memcpy@GLIBC_2.2.5`): without a version the default ones if there are
   * any; global before weak before local. Two with one address are two names of the same.
   */
  named(text: string): readonly FunctionSymbol[] {
    const { name, version } = splitName(text);
    const entry = this.#byName.get(name);
    const all = entry === undefined ? [] : Array.isArray(entry) ? entry : [entry];
    const plain = all.filter((one) => one.version?.isDefault !== false);
    const wanted =
      version === undefined
        ? plain.length > 0
          ? plain
          : all
        : all.filter((one) => one.version?.name === version.name);
    return [...wanted].sort((left, right) => BINDINGS[left.binding] - BINDINGS[right.binding]);
  }

  /** Those whose name matches a pattern of `*`, `?` and `[…]`, by address. */
  matching(pattern: string): readonly FunctionSymbol[] {
    const matches = globMatcher(pattern);
    return this.all.filter((one) => matches(one.name));
  }

  /** All names of the function that begins at an address. */
  namesAt(address: bigint): readonly FunctionSymbol[] {
    const end = this.#firstAfter(address);
    let start = end;
    while (this.all[start - 1]?.address === address) start--;
    return this.all.slice(start, end);
  }

  /** The function that an address is in. One without size goes on to the next. */
  at(address: bigint): FunctionSymbol | undefined {
    const end = this.#firstAfter(address);
    const last = this.all[end - 1];
    if (last === undefined) return undefined;
    // Of several names of one address, the one that tells a size.
    for (let index = end - 1; this.all[index]?.address === last.address; index--) {
      const one = this.all[index];
      if (one !== undefined && address < one.address + BigInt(one.size)) return one;
    }
    return last.size === 0 ? last : undefined;
  }

  /** Index of the first function that begins behind an address. */
  #firstAfter(address: bigint): number {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.all[middle]?.address ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const BINDINGS: Readonly<Record<FunctionSymbol['binding'], number>> = { global: 0, weak: 1, local: 2 };

function inOrder(left: FunctionSymbol, right: FunctionSymbol): number {
  if (left.address !== right.address) return left.address < right.address ? -1 : 1;
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  // The one that tells more comes first.
  return Number(right.version !== undefined) - Number(left.version !== undefined) || right.size - left.size;
}

/** `.symtab` repeats what `.dynsym` has, with or without the version. */
function unique(functions: readonly FunctionSymbol[]): readonly FunctionSymbol[] {
  const kept: FunctionSymbol[] = [];
  for (const one of functions) {
    const before = kept.at(-1);
    const known =
      before?.name === one.name &&
      before.address === one.address &&
      (one.version === undefined || before.version?.name === one.version.name);
    if (!known) kept.push(one);
  }
  return kept;
}
