/** The whole compiler as a fuzz target: whatever the text, a result and no exception but our own bugs'. */
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { createSimKernel } from '../../runtime/sim/sim-kernel.ts';

/** Compiles against the simulated kernel. An internal error of the compiler is thrown, so that a fuzzer sees it. */
export function compileTarget(): (text: string) => void {
  const kernel: KernelInfo = createSimKernel({ seed: 1, cpus: 2 }).describe();
  return (text) => {
    const result = compile({
      source: { name: 'fuzz', text },
      kernel,
      target: profileFor(),
      params: [],
      env: {},
    });
    const internal = result.diagnostics.find((item) => item.message.startsWith('internal'));
    if (internal !== undefined) throw new Error(`${internal.code}: ${internal.message}`);
  };
}
