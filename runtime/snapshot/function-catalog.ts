/** Functions by name: of nearly all one module is known, and a list for each would cost more than the names. */
import type { FunctionCatalog } from '../../bpf/kernel-info.ts';
import type { KernelFunction } from './function-part.ts';

const KERNEL = 'vmlinux';

export function functionCatalog(functions: Iterable<KernelFunction>): FunctionCatalog {
  const modules = new Map<string, string | string[]>();
  for (const { name, module = KERNEL } of functions) {
    const known = modules.get(name);
    if (known === undefined) modules.set(name, module);
    else if (Array.isArray(known)) known.push(module);
    else if (known !== module) modules.set(name, [known, module]);
  }
  const names = [...modules.keys()];
  return {
    has: (name) => modules.has(name),
    list: () => names,
    modulesOf: (name) => {
      const known = modules.get(name);
      return known === undefined ? [] : typeof known === 'string' ? [known] : [...new Set(known)];
    },
  };
}
