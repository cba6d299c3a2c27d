/** What node:zlib keeps in its streams, the same in all versions that have zstd; its own synchronous calls drive it so. */
export interface ZlibInternals {
  readonly _handle: {
    writeSync(
      flush: number,
      input: Uint8Array,
      inputOffset: number,
      inputLength: number,
      output: Uint8Array,
      outputOffset: number,
      outputLength: number,
    ): void;
    /** Told of an error, when there is one. */
    onerror?: (message: string, errno: number, code: string) => void;
  } | null;
  /** Room left in the output, and input left, after a write. */
  readonly _writeState: Uint32Array;
  destroy(): void;
}

/** Whether this Node.js has them. */
export function hasInternals({ _handle, _writeState }: ZlibInternals): boolean {
  return typeof _handle?.writeSync === 'function' && _writeState?.length === 2;
}
