/** What reading a user's binary needs of the machine: decompression, and other files. Each may be absent. */
import type { ByteSource } from '../../byte-source.ts';

/** `zlib` and `zstd` are compressed sections', `xz` is `.gnu_debugdata`'s. */
export type BinaryCompression = 'zlib' | 'zstd' | 'xz';

export interface BinaryPorts {
  /** Into exactly `size` bytes. @throws Error of any kind when it is damaged, of another size or not supported */
  readonly decompress?: (algorithm: BinaryCompression, input: Uint8Array, size: number) => Uint8Array;
  /** A file of debugging information; undefined when there is none. */
  readonly openDebug?: (request: DebugRequest) => ByteSource | undefined;
  /** The binary's own path: a debug link is looked for beside it. */
  readonly path?: string;
}

export interface DebugRequest {
  /** Absolute, or relative to where the binary is when its path is unknown. */
  readonly path: string;
  /** Hexadecimal: a debuginfod server finds the file by it. */
  readonly buildId: string | undefined;
}
