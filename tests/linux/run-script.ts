/** Runs the begin probes of a script in this machine's kernel (test-run of raw tracepoint programs) and tells its maps. */

import type { Btf } from '../../bpf/btf/btf.ts';
import { relocateCore } from '../../bpf/core/relocate.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { NEWEST_RELEASE, profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import type { PrintContext } from '../../runtime/output/context.ts';
import { textOf } from '../../runtime/output/text-value.ts';
import { createSimKernel } from '../../runtime/sim/sim-kernel.ts';
import type { LinuxBpf } from './bpf-syscall.ts';

const CONTEXT: PrintContext = {
  strTruncTrailer: '..',
  epochNs: (stamp) => stamp,
  nowEpochNs: () => 0n,
  resolve: () => undefined,
  userName: () => undefined,
  cgroupPaths: () => [],
};

/** A kernel with these types whose memory can be read. */
export function kernelOf(btf: Btf): KernelInfo {
  const kernel = createSimKernel({ seed: 1, cpus: 2 }).describe();
  return { ...kernel, name: 'the test kernel', btf, reach: { ...kernel.reach, kernelMemory: true } };
}

export interface RunOptions {
  /** Types to compile for. */
  readonly types: Btf;
  /** Types to relocate for before loading; none: the program runs as it was made. */
  readonly relocateFor?: Btf;
}

/** Scalar maps by name, as they print. */
export async function runScript(
  bpf: LinuxBpf,
  text: string,
  { types, relocateFor }: RunOptions,
): Promise<Readonly<Record<string, string>>> {
  const source = { name: 'stdin', text };
  const made = compile({ source, kernel: kernelOf(types), target: profileFor(NEWEST_RELEASE), env: {} });
  const errors = made.diagnostics.filter(({ severity }) => severity === 'error');
  if (made.object === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  const relocated = relocateFor === undefined ? undefined : relocateCore(made.object, relocateFor);
  const problems = relocated?.problems ?? [];
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const object = relocated?.object ?? made.object;
  const maps = await bpf.createMaps(object);
  for (const { name } of object.programs) {
    const loaded = await bpf.loadProgram(object, name, maps);
    if (!loaded.ok) throw new Error(loaded.log.split('\n').slice(-20).join('\n'));
    await bpf.testRun(loaded.program!);
  }
  const values: Record<string, string> = {};
  for (const { name, value } of made.info!.maps) {
    const [bytes] = (await bpf.dump(maps.get(name)!)).values();
    if (bytes === undefined) continue;
    values[name] = textOf({ type: value, bytes: Uint8Array.fromHex(bytes), offset: 0 }, CONTEXT);
  }
  return values;
}
