/** `bpfkit snapshot`: this machine's kernel in a file, to compile for it elsewhere (`--target`). */
import { resolvePath } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { writeOutputFile } from '../output.ts';

export interface SnapshotFlags {
  readonly o: string;
  readonly warnings?: boolean;
  /** Where the machine's files begin. */
  readonly root?: string;
}

export async function snapshot(flags: SnapshotFlags, io: CliIo): Promise<number> {
  const [{ hostSnapshot }, { writeSnapshot }, { packSnapshot }] = await Promise.all([
    import('../../runtime/node/host-snapshot.ts'),
    import('../../runtime/snapshot/index.ts'),
    import('../../runtime/node/pack-snapshot.ts'),
  ]);
  const root = flags.root === undefined ? undefined : resolvePath(flags.root, io);
  const { snapshot: kernel, warnings } = hostSnapshot(root === undefined ? {} : { root });
  if (flags.warnings !== false) for (const text of warnings) io.stderr(`WARNING: left out: ${text}\n`);
  if ((kernel.btf ?? kernel.formats ?? kernel.functions) === undefined) {
    throw new CliError('Nothing of this kernel can be read: run it on Linux, as root');
  }
  writeOutputFile(flags.o, packSnapshot(writeSnapshot(kernel)), io);
  const parts = [
    kernel.btf === undefined ? [] : `types (${kernel.moduleBtf?.size ?? 0} modules)`,
    kernel.formats === undefined ? [] : `${kernel.formats.length} tracepoints`,
    kernel.functions === undefined ? [] : `${kernel.functions.length} functions`,
    kernel.syscalls === undefined ? [] : `${kernel.syscalls.length} system calls`,
  ].flat();
  io.stdout(`${flags.o}: Linux ${kernel.release} ${kernel.architecture}: ${parts.join(', ')}\n`);
  return EXIT.ok;
}
