/**
 * Symbols of all files as one table: a global name has one definition, a strong one before weak ones, and what refers to
 * the name in any file gets that (libbpf's `linker_append_elf_sym`).
 */
import { SHN, STB, STT, STV } from '../constants.ts';
import type { ElfSymbol } from '../symbol.ts';
import type { ElfWriter, SymbolHandle } from '../write/elf-writer.ts';
import type { JoinedSections, SectionPlace } from './joined-sections.ts';
import { LinkError } from './link-error.ts';
import type { LinkInput } from './link-input.ts';

export interface JoinedSymbols {
  /** The symbol of the output that a symbol of an input has become. */
  handle(input: LinkInput, symbol: number): SymbolHandle | undefined;
  /** Does this file's definition of a global name stand? False also for a mere declaration of what is defined elsewhere. */
  stands(input: LinkInput, name: string): boolean;
}

/** What is known of a global name so far. */
interface Global {
  readonly name: string;
  /** Whose definition stands, or the first to declare it. */
  input: LinkInput;
  symbol: ElfSymbol;
  visibility: number;
  /** Some file needs it for sure. */
  strong: boolean;
}

/** `indexOf`: the section header index of a joined section. @throws LinkError */
export function joinSymbols(
  inputs: readonly LinkInput[],
  sections: JoinedSections,
  writer: ElfWriter,
  indexOf: (place: SectionPlace) => number,
): JoinedSymbols {
  const globals = resolveGlobals(inputs, sections);
  const handles = new Map<LinkInput, Map<number, SymbolHandle>>();
  const sectionSymbols = new Map<number, SymbolHandle>();
  const globalHandles = new Map<string, SymbolHandle>();
  for (const one of globals.values()) globalHandles.set(one.name, writer.addSymbol(globalSymbol(one)));
  for (const input of inputs) {
    const own = new Map<number, SymbolHandle>();
    handles.set(input, own);
    for (const symbol of input.symbols) {
      const handle = joinSymbol(input, symbol);
      if (handle !== undefined) own.set(symbol.index, handle);
    }
  }
  return {
    handle: (input, symbol) => handles.get(input)?.get(symbol),
    stands(input, name): boolean {
      const global = globals.get(name);
      return global === undefined || global.input === input;
    },
  };

  function joinSymbol(input: LinkInput, symbol: ElfSymbol): SymbolHandle | undefined {
    if (symbol.index === 0 || symbol.type === STT.FILE) return undefined;
    const place = placeOf(input, symbol, sections);
    if (symbol.type === STT.SECTION) return place && sectionSymbol(place);
    if (symbol.binding === STB.LOCAL) return place && writer.addSymbol(localSymbol(symbol, place, indexOf));
    const global = globals.get(symbol.name);
    if (global === undefined) return undefined;
    const { input: owner, symbol: standing } = global;
    const lost = owner !== input && place !== undefined && standing.section !== SHN.UNDEF;
    // The code of a weak definition that lost stays, as a function nobody calls.
    if (lost && symbol.type === STT.FUNC) writer.addSymbol(localSymbol(symbol, place, indexOf));
    return globalHandles.get(symbol.name);
  }

  function sectionSymbol(place: SectionPlace): SymbolHandle {
    const section = indexOf(place);
    const known = sectionSymbols.get(section);
    if (known !== undefined) return known;
    const bare = { name: '', value: 0n, size: 0, type: STT.SECTION, binding: STB.LOCAL, section };
    const made = writer.addSymbol(bare);
    sectionSymbols.set(section, made);
    return made;
  }

  function globalSymbol({
    name,
    input,
    symbol,
    visibility,
    strong,
  }: Global): Parameters<ElfWriter['addSymbol']>[0] {
    const place = placeOf(input, symbol, sections);
    const { type, size } = symbol;
    if (place === undefined) {
      const binding = strong ? STB.GLOBAL : STB.WEAK;
      return { name, value: 0n, size: 0, type, binding, visibility, section: SHN.UNDEF };
    }
    const value = symbol.value + BigInt(place.offset);
    return { name, value, size, type, binding: symbol.binding, visibility, section: indexOf(place) };
  }
}

function localSymbol(
  { name, value, size, type }: ElfSymbol,
  place: SectionPlace,
  indexOf: (place: SectionPlace) => number,
): Parameters<ElfWriter['addSymbol']>[0] {
  return {
    name,
    value: value + BigInt(place.offset),
    size,
    type,
    binding: STB.LOCAL,
    section: indexOf(place),
  };
}

function placeOf(input: LinkInput, symbol: ElfSymbol, sections: JoinedSections): SectionPlace | undefined {
  if (symbol.special || symbol.section === SHN.UNDEF) return undefined;
  return sections.place(input, symbol.section);
}

function resolveGlobals(inputs: readonly LinkInput[], sections: JoinedSections): ReadonlyMap<string, Global> {
  const globals = new Map<string, Global>();
  for (const input of inputs) {
    for (const symbol of input.symbols) {
      if (symbol.index === 0 || symbol.binding === STB.LOCAL) continue;
      if (symbol.special) throw new LinkError(`${input.name}: symbol ${symbol.name} is in no section`);
      // Names of sections that are left out: nothing refers to them from those that stay.
      if (symbol.section !== SHN.UNDEF && placeOf(input, symbol, sections) === undefined) continue;
      const known = globals.get(symbol.name);
      if (known === undefined) globals.set(symbol.name, first(input, symbol));
      else join(known, input, symbol);
    }
  }
  return globals;
}

function first(input: LinkInput, symbol: ElfSymbol): Global {
  const strong = symbol.binding === STB.GLOBAL;
  return { name: symbol.name, input, symbol, visibility: symbol.visibility, strong };
}

function join(known: Global, input: LinkInput, symbol: ElfSymbol): void {
  known.visibility = stricter(known.visibility, symbol.visibility);
  const isDefined = symbol.section !== SHN.UNDEF;
  const wasDefined = known.symbol.section !== SHN.UNDEF;
  checkKind(known, input, symbol);
  if (!isDefined || !wasDefined) {
    if (!isDefined) known.strong ||= symbol.binding === STB.GLOBAL;
    if (isDefined && !wasDefined) Object.assign(known, { input, symbol });
    return;
  }
  if (symbol.binding === STB.WEAK) return;
  if (known.symbol.binding !== STB.WEAK) {
    throw new LinkError(`'${symbol.name}' is defined in ${known.input.name} and in ${input.name}`);
  }
  Object.assign(known, { input, symbol });
}

/** Undefined symbols have no type in objects of clang. */
function checkKind(known: Global, input: LinkInput, symbol: ElfSymbol): void {
  const [a, b] = [known.symbol.type, symbol.type];
  if (a === b || a === STT.NOTYPE || b === STT.NOTYPE) return;
  throw new LinkError(`'${symbol.name}' is something else in ${input.name} than in ${known.input.name}`);
}

/** Internal before hidden before protected before default. */
function stricter(a: number, b: number): number {
  if (a === STV.DEFAULT || b === STV.DEFAULT) return a === STV.DEFAULT ? b : a;
  return Math.min(a, b);
}
