/** Modules of a kernel, `vmlinux` being the kernel itself. */
import type { KernelInfo } from '../../../bpf/kernel-info.ts';

export const KERNEL_MODULE = 'vmlinux';

/** Those that types or functions tell of. */
export function modulesIn({ functions, moduleBtf }: KernelInfo): readonly string[] {
  const modules = new Set([KERNEL_MODULE, ...(moduleBtf?.keys() ?? [])]);
  const { modulesOf } = functions ?? {};
  if (modulesOf !== undefined) {
    for (const name of functions?.list() ?? []) for (const module of modulesOf(name)) modules.add(module);
  }
  return [...modules];
}
