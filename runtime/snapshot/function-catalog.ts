/**
 * Functions by name. Most scripts name a few of a hundred thousand: a name is looked for in the bytes, and the names become
 * texts only when all are wanted or many were looked for.
 */
import type { FunctionCatalog } from '../../bpf/kernel-info.ts';
import type { KernelFunction } from './function-part.ts';

const KERNEL = 'vmlinux';
/** Look-ups in the bytes before making an index pays. */
const FEW = 64;

export interface FunctionSource {
  /** All of them, by name and then module. */
  all(): Iterable<KernelFunction>;
  /** The modules that have a function of that name, `undefined` for the kernel itself, without making texts of all names. */
  modulesOf(name: string): readonly (string | undefined)[];
}

export function functionCatalog(source: FunctionSource): FunctionCatalog {
  let index: ReadonlyMap<string, string | readonly string[]> | undefined;
  let names: readonly string[] | undefined;
  const found = new Map<string, readonly string[]>();
  const indexed = (): ReadonlyMap<string, string | readonly string[]> => {
    index ??= indexOf(source.all());
    return index;
  };
  const modulesOf = (name: string): readonly string[] => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const modules =
      index === undefined && found.size < FEW
        ? source.modulesOf(name).map((module) => module ?? KERNEL)
        : listed(indexed().get(name));
    const unique = [...new Set(modules)];
    if (index === undefined) found.set(name, unique);
    return unique;
  };
  return {
    has: (name) => modulesOf(name).length > 0,
    list: () => {
      names ??= [...indexed().keys()];
      return names;
    },
    modulesOf,
  };
}

function listed(known: string | readonly string[] | undefined): readonly string[] {
  if (known === undefined) return [];
  return typeof known === 'string' ? [known] : known;
}

/** Of nearly all names one module is known, and a list for each would cost more than the names. */
function indexOf(functions: Iterable<KernelFunction>): ReadonlyMap<string, string | readonly string[]> {
  const modules = new Map<string, string | string[]>();
  for (const { name, module = KERNEL } of functions) {
    const known = modules.get(name);
    if (known === undefined) modules.set(name, module);
    else if (typeof known !== 'string') known.push(module);
    else if (known !== module) modules.set(name, [known, module]);
  }
  return modules;
}
