/** xz, which `node:zlib` lacks, by the optional package `@napi-rs/lzma`: symbols in `.gnu_debugdata` are packed so. */

export type Unxz = (input: Uint8Array) => Uint8Array;

/** Undefined where the package was not installed. */
export async function loadXz(): Promise<Unxz | undefined> {
  try {
    const { xz } = await import('@napi-rs/lzma');
    return (input) => xz.decompressSync(input);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
