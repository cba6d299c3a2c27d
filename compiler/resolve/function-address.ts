/** How a program learns which function it runs in (`func`). */
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';

/** A recording tells a function's name and no address, so that the compiler writes the name into the program. */
export function funcIsKnown({ kind }: AttachPoint, { kernel }: { readonly kernel: KernelInfo }): boolean {
  return kind === 'kprobe' && kernel.attachable !== undefined;
}
