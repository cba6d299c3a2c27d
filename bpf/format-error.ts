/** A file or section that is not what its format says: the one error of all binary readers. */

export class FormatError extends Error {
  override readonly name = 'FormatError';
  /** What was read: `ELF`, `BTF`, `.BTF.ext`, `perf.data`. */
  readonly format: string;
  /** Bytes from the start of what was read. */
  readonly offset: number;

  constructor(format: string, offset: number, problem: string) {
    super(`${format}: byte ${offset}: ${problem}`);
    this.format = format;
    this.offset = offset;
  }
}
