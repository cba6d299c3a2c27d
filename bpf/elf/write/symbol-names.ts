/**
 * The names an object's programs, functions and maps have in an ELF file: what C, libbpf and the kernel can take. The one
 * place where names are cleaned; a name that is fine stays as it is. `@start` becomes `AT_start`.
 */
import type { BpfObject } from '../../object.ts';

export interface SymbolNames {
  /** Of programs, subprograms and callbacks. */
  readonly functions: ReadonlyMap<string, string>;
  /** Of maps that are not sections of data. */
  readonly maps: ReadonlyMap<string, string>;
}

/** Unique in the file, and the same for equal objects. */
export function symbolNames(object: BpfObject): SymbolNames {
  const functions = [...object.programs, ...object.functions].map(({ name }) => name);
  const maps = object.maps.map(({ name }) => name).filter((name) => !isDataSection(name));
  const externs = (object.externs ?? []).map(({ name }) => name);
  const taken = new Set([...functions.filter(isSymbol), ...maps.filter(isCName), ...externs]);
  return { functions: cleanNames(functions, isSymbol, taken), maps: cleanNames(maps, isCName, taken) };
}

/** `.rodata`, `.bss`, `.kconfig`: contents of a section rather than a variable in `.maps`. */
export function isDataSection(map: string): boolean {
  return map.startsWith('.');
}

/** A function is named by its symbol alone, which may have dots (`inner.constprop.0`). */
function isSymbol(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.]*$/.test(name);
}

/** What C takes for a name. */
function isCName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

function cleanNames(
  names: readonly string[],
  isFine: (name: string) => boolean,
  taken: Set<string>,
): ReadonlyMap<string, string> {
  const cleaned = new Map<string, string>();
  for (const name of names) {
    if (isFine(name)) cleaned.set(name, name);
    else if (!cleaned.has(name)) cleaned.set(name, unique(cleanName(name), taken));
  }
  return cleaned;
}

function cleanName(name: string): string {
  const text = name.replace(/^@/, 'AT_').replace(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z_]/.test(text) ? text : `_${text}`;
}

function unique(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let count = 2; taken.has(candidate); count++) candidate = `${name}_${count}`;
  taken.add(candidate);
  return candidate;
}
