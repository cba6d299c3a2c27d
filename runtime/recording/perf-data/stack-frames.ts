/**
 * Names for a sample's call chain, as of the moment it was taken: kernel addresses by the kernel's symbols, user addresses by
 * the file that was mapped there then. Reading symbols out of those files is a port.
 */
import type { CallChain } from '../event-recording.ts';
import type { KernelSymbol, KernelSymbols } from '../kernel-symbols.ts';
import type { AddressMap, Mapping } from './address-map.ts';
import type { ProcessTable } from './process-table.ts';

export interface FrameSymbol {
  readonly name: string;
  /** Bytes from the symbol's start. */
  readonly offset: bigint;
}

export interface StackFrame {
  readonly address: bigint;
  readonly symbol?: FrameSymbol;
  /** File, module or other place of the code, as perf names it; absent where nothing was mapped. */
  readonly dso?: string;
  /** Where in the file the address is; only of user frames. */
  readonly fileOffset?: bigint;
  /** Hexadecimal. */
  readonly buildId?: string;
}

export interface SymbolPorts {
  /** The recorded kernel's. */
  readonly kernel?: Pick<KernelSymbols, 'symbolAt'>;
  /** The symbol at an offset of a mapped file; its build id tells which build it was. */
  user?(file: Mapping, fileOffset: bigint): FrameSymbol | undefined;
}

export interface SymbolisedChain {
  readonly kernel: readonly StackFrame[];
  readonly user: readonly StackFrame[];
}

const KERNEL = '[kernel.kallsyms]';

/** `processes` are a cursor's at the sample of `chain`; `tid` is the sample's. */
export function symbolise(
  chain: CallChain,
  tid: number,
  processes: ProcessTable,
  ports: SymbolPorts,
): SymbolisedChain {
  const maps = processes.mapsOf(tid);
  return {
    kernel: chain.kernel.map((address) => kernelFrame(address, processes.kernel, ports.kernel)),
    user: chain.user.map((address) => userFrame(address, maps, processes, ports)),
  };
}

function kernelFrame(address: bigint, maps: AddressMap, symbols: SymbolPorts['kernel']): StackFrame {
  const mapping = maps.at(address);
  const found = symbols?.symbolAt(address);
  const dso = kernelDso(found, mapping);
  return {
    address,
    ...(dso === undefined ? {} : { dso }),
    ...(found === undefined ? {} : { symbol: { name: found.name, offset: address - found.address } }),
  };
}

/** The kernel's own text is mapped as `[kernel.kallsyms]_text`; what it runs at start lies behind that. */
function kernelDso(symbol: KernelSymbol | undefined, mapping: Mapping | undefined): string | undefined {
  if (symbol?.module !== undefined) return `[${symbol.module}]`;
  if (mapping !== undefined) return mapping.path.startsWith(KERNEL) ? KERNEL : mapping.path;
  return symbol === undefined ? undefined : KERNEL;
}

function userFrame(
  address: bigint,
  maps: AddressMap | undefined,
  processes: ProcessTable,
  ports: SymbolPorts,
): StackFrame {
  const mapping = maps?.at(address);
  if (mapping === undefined) return { address };
  const fileOffset = address - mapping.start + mapping.fileOffset;
  const buildId = processes.buildIdOf(mapping);
  const file = buildId === undefined ? mapping : { ...mapping, buildId };
  const symbol = ports.user?.(file, fileOffset);
  return {
    address,
    dso: mapping.path,
    fileOffset,
    ...(buildId === undefined ? {} : { buildId }),
    ...(symbol === undefined ? {} : { symbol }),
  };
}
