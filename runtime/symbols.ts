/** Names of addresses, as far as a kernel's source knows them. */

export interface AddressSymbol {
  readonly name: string;
  /** Bytes from the symbol's start. */
  readonly offset: bigint;
  /** Kernel module without brackets, or the file that is mapped there. */
  readonly module?: string;
}

export interface UserAddress {
  /** Absent when the file has no symbol there, or is not at hand. */
  readonly symbol?: AddressSymbol;
  /** The file that is mapped there. */
  readonly module?: string;
  /** Place in that file. */
  readonly fileOffset?: bigint;
  /** Of the file, hexadecimal. */
  readonly buildId?: string;
}

export interface SymbolSource {
  kernel(address: bigint): AddressSymbol | undefined;
  /** An address of a process. */
  user(pid: number, address: bigint): UserAddress | undefined;
}
