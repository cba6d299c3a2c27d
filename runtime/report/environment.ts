/** What print formats ask of a recording: symbols and constant strings, read when the first event needs them. */
import type { PrintEnvironment, PrintSymbol } from '../../bpf/print-format/environment.ts';
import type { EventRecording } from '../recording/event-recording.ts';
import type { KernelSymbols } from '../recording/kernel-symbols.ts';
import { RecordingError } from '../recording/recording-error.ts';

/** Symbols that functions of modules have come by the thousand; addresses repeat. */
const CACHE_SIZE = 1 << 14;

/** x86-64 lists offsets of per-CPU variables among the symbols; no code is so low. */
const LOWEST_ADDRESS = 0x100_0000n;

export function recordingEnvironment(recording: EventRecording, longSize: 4 | 8): PrintEnvironment {
  const cache = new Map<bigint, PrintSymbol | undefined>();
  let symbols: KernelSymbols | undefined;
  let strings: ReadonlyMap<bigint, string> | undefined;
  const lookup = (address: bigint): PrintSymbol | undefined => {
    symbols ??= readable(() => recording.kernelSymbols());
    const symbol = symbols?.symbolAt(address);
    return symbol === undefined || symbol.address < LOWEST_ADDRESS ? undefined : symbol;
  };
  return {
    longSize,
    symbolAt(address) {
      if (cache.has(address)) return cache.get(address);
      const symbol = lookup(address);
      if (cache.size < CACHE_SIZE) cache.set(address, symbol);
      return symbol;
    },
    stringAt(address) {
      strings ??= readable(() => recording.printkFormats?.()) ?? new Map();
      return strings.get(address);
    },
  };
}

/** Events can be printed without symbols: what is damaged is told by the recording's warnings. */
function readable<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RecordingError) return undefined;
    throw error;
  }
}
