/** What reading a user's binary needs of this machine: `node:zlib`, and the file system for separate debugging information. */
import { existsSync } from 'node:fs';
import type { BinaryPorts } from '../../bpf/elf/user/index.ts';
import { nodeDecompressor } from './decompressor.ts';
import { openFileSource } from './file-source.ts';

export interface NodeBinaryOptions {
  /** Path of the binary: its debug link is looked for beside it. */
  readonly path?: string;
  /** Unpacks xz, which `node:zlib` cannot. Without it symbols in `.gnu_debugdata` are left out with a warning. */
  readonly xz?: (input: Uint8Array) => Uint8Array;
}

export function nodeBinaryPorts({ path, xz }: NodeBinaryOptions = {}): BinaryPorts {
  return {
    decompress: (algorithm, input, size) => {
      if (algorithm !== 'xz') return nodeDecompressor.decompress(algorithm, input, size);
      if (xz === undefined) throw new Error('nothing here unpacks xz');
      const output = xz(input);
      if (output.length !== size) throw new Error(`${output.length} bytes instead of ${size}`);
      return output;
    },
    // A path relative to an unknown place would be looked for where the user happens to be.
    openDebug: (request) =>
      request.path.startsWith('/') && existsSync(request.path) ? openFileSource(request.path) : undefined,
    ...(path === undefined ? {} : { path }),
  };
}
