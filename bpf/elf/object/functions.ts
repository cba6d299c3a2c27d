/**
 * Functions of the code sections, by their symbols (libbpf's `bpf_object__add_programs`): subprograms in `.text`, entries
 * of programs elsewhere. Invariant: functions of a section lie one after the other; two may be the same bytes (an alias).
 */
import { attachProblem } from '../../section-attach.ts';
import { parseSection } from '../../sections.ts';
import { STB, STT, STV } from '../constants.ts';
import type { ElfSection } from '../section.ts';
import type { ElfSymbol } from '../symbol.ts';
import type { ObjectFile } from './object-file.ts';

export interface ObjectFunction {
  /** Unique in the object: of several static functions of one name, later ones have `.1`, `.2`. */
  readonly name: string;
  readonly symbol: ElfSymbol;
  readonly section: ElfSection;
  /** Bytes from the start of the section; a multiple of 8. */
  readonly offset: number;
  /** Bytes; a multiple of 8. */
  readonly size: number;
  /** Entry of a program rather than a subprogram. */
  readonly isProgram: boolean;
  readonly linkage: 'static' | 'global';
  readonly weak: boolean;
}

/** In the order of sections and of offsets. @throws FormatError */
export function findFunctions(file: ObjectFile): readonly ObjectFunction[] {
  const names = new Map<string, number>();
  const bySection = symbolsBySection(file);
  // Global names are fixed, static ones make way.
  for (const symbol of [...bySection.values()].flat())
    if (symbol.binding !== STB.LOCAL) names.set(symbol.name, 0);
  return file
    .withRole('code')
    .flatMap((section) => functionsOf(file, section, bySection.get(section.index) ?? [], names));
}

function symbolsBySection(file: ObjectFile): ReadonlyMap<number, ElfSymbol[]> {
  const found = new Map<number, ElfSymbol[]>();
  for (const symbol of file.symbols) {
    if (symbol.type !== STT.FUNC || symbol.special) continue;
    const list = found.get(symbol.section);
    if (list === undefined) found.set(symbol.section, [symbol]);
    else list.push(symbol);
  }
  return found;
}

function functionsOf(
  file: ObjectFile,
  section: ElfSection,
  symbols: readonly ElfSymbol[],
  names: Map<string, number>,
): readonly ObjectFunction[] {
  const isEntry = section.name !== '.text';
  if (isEntry) checkName(file, section);
  const functions: ObjectFunction[] = [];
  let start = 0;
  let end = 0;
  let left = section.size * MAX_ALIASES + SMALL;
  for (const symbol of symbols.toSorted((a, b) => Number(a.value - b.value) || a.index - b.index)) {
    const { offset, size } = rangeOf(file, section, symbol);
    const isAlias = offset === start && offset + size === end;
    if (!isAlias && offset < end) {
      file.fail(section, offset, `function ${symbol.name} begins inside the one before it`);
    }
    left -= size;
    if (left < 0) file.fail(section, offset, `too many functions are the same bytes as ${symbol.name}`);
    if (offset > end) file.warn(section, end, `${offset - end} bytes of code belong to no function`);
    start = offset;
    end = offset + size;
    functions.push(makeFunction(file, section, symbol, isEntry, names));
  }
  if (end < section.size)
    file.warn(section, end, `${section.size - end} bytes of code belong to no function`);
  return functions;
}

function checkName(file: ObjectFile, section: ElfSection): void {
  if (parseSection(section.name) === undefined) {
    file.warn(section, 0, 'the name tells no program type: libbpf refuses to load its programs');
  }
  const problem = attachProblem(section.name);
  if (problem !== undefined) file.warn(section, 0, `its programs attach to nothing: ${problem}`);
}

function rangeOf(
  file: ObjectFile,
  section: ElfSection,
  symbol: ElfSymbol,
): { readonly offset: number; readonly size: number } {
  const { name, size } = symbol;
  if (symbol.value + BigInt(size) > BigInt(section.size)) {
    file.fail(section, 0, `function ${name} at ${symbol.value} with ${size} bytes is outside the section`);
  }
  const offset = Number(symbol.value);
  if (size === 0 || size % 8 !== 0 || offset % 8 !== 0) {
    file.fail(section, offset, `function ${name} of ${size} bytes is no whole number of instructions`);
  }
  return { offset, size };
}

function makeFunction(
  file: ObjectFile,
  section: ElfSection,
  symbol: ElfSymbol,
  isEntry: boolean,
  names: Map<string, number>,
): ObjectFunction {
  const { binding, visibility, size } = symbol;
  const offset = Number(symbol.value);
  const isLocal = binding === STB.LOCAL;
  if (isEntry && isLocal) {
    file.warn(section, offset, `${symbol.name} is static, which libbpf refuses outside .text`);
  }
  if (symbol.name === '') file.fail(section, offset, 'a function has no name');
  const isHidden = visibility === STV.HIDDEN || visibility === STV.INTERNAL;
  return {
    name: isLocal ? freeName(symbol.name, names) : symbol.name,
    symbol,
    section,
    offset,
    size,
    isProgram: isEntry && !isLocal,
    linkage: isLocal || isHidden ? 'static' : 'global',
    weak: binding === STB.WEAK,
  };
}

/** How many functions may be the same bytes, on average: each is read for itself. */
const MAX_ALIASES = 8;
/** Bytes that do not count. */
const SMALL = 1 << 16;

/** A name not in `names`, which it joins. Numbers are how often a name made way. */
function freeName(name: string, names: Map<string, number>): string {
  const times = names.get(name);
  if (times === undefined) {
    names.set(name, 0);
    return name;
  }
  names.set(name, times + 1);
  return freeName(`${name}.${times + 1}`, names);
}
