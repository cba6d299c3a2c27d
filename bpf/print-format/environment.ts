/** What printing an event asks of the recording it comes from. */

export interface PrintSymbol {
  readonly name: string;
  readonly address: bigint;
  /** Absent for the kernel itself. */
  readonly module?: string;
}

export interface PrintEnvironment {
  /** sizeof(long) of the recorded kernel. */
  readonly longSize: 4 | 8;
  /** The kernel function that holds an address. */
  symbolAt(address: bigint): PrintSymbol | undefined;
  /** A constant string of the kernel by its address (`printk_formats`). */
  stringAt(address: bigint): string | undefined;
}

/** A record alone: no symbols, no strings. */
export const BARE_ENVIRONMENT: PrintEnvironment = {
  longSize: 8,
  symbolAt: () => undefined,
  stringAt: () => undefined,
};
