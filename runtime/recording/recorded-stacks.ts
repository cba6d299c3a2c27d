/**
 * Call chains of the records that programs run at: those in the record itself, and the tracer's `kernel_stack` and
 * `user_stack` records, which follow the event they belong to on its CPU. User frames are named as of that moment, for a
 * process may be gone when its stack is printed.
 */
import type { EventField } from '../../bpf/event-format.ts';
import { findEventField } from '../../bpf/event-format.ts';
import type { CallChain } from '../helpers/execution-context.ts';
import type { AddressSymbol, SymbolSource, UserAddress } from '../symbols.ts';
import type { EventCursor, EventRecording } from './event-recording.ts';
import { KernelSymbols } from './kernel-symbols.ts';
import type { StackFrame, SymbolPorts } from './perf-data/stack-frames.ts';
import { RecordingError } from './recording-error.ts';

/** Addresses that are remembered; a recording of a whole machine has some ten thousand. */
const MAX_ADDRESSES: number = 1 << 18;

interface StackEvent {
  readonly id: number;
  readonly kind: 'kernel' | 'user';
  readonly caller: EventField;
}

export class RecordedStacks {
  readonly #recording: EventRecording;
  readonly #events: readonly StackEvent[];
  readonly #ports: SymbolPorts;
  readonly #warn: (message: string) => void;
  readonly #user = new Map<string, UserAddress>();
  /** Of a text, which has names beside its addresses. */
  readonly #kernel = new Map<bigint, AddressSymbol>();
  #symbols: KernelSymbols | undefined;

  constructor(recording: EventRecording, userSymbol: SymbolPorts['user'], warn: (message: string) => void) {
    this.#warn = warn;
    this.#recording = recording;
    this.#ports = userSymbol === undefined ? {} : { user: userSymbol };
    this.#events = (['kernel', 'user'] as const).flatMap((kind) => {
      const format = recording.events.byName('ftrace', `${kind}_stack`);
      const caller = format && findEventField(format, 'caller');
      return format === undefined || caller === undefined ? [] : [{ id: format.id, kind, caller }];
    });
  }

  /** The record is a stack of the event before it. */
  follows(cursor: EventCursor): boolean {
    return this.#events.some(({ id }) => id === cursor.eventId);
  }

  /** The chain with what the cursor's record, which `follows` the event, tells of it. */
  extended(chain: CallChain | undefined, cursor: EventCursor): CallChain | undefined {
    const event = this.#events.find(({ id }) => id === cursor.eventId);
    if (event === undefined) return chain;
    const frames = callers(cursor, event.caller.offset);
    return { kernel: chain?.kernel ?? [], user: chain?.user ?? [], [event.kind]: frames };
  }

  /** The chain in the cursor's record. */
  of(cursor: EventCursor, pid: number): CallChain | undefined {
    const chain = cursor.callChain?.();
    if (chain === undefined || this.#isNamed(chain, pid)) return chain;
    const frames = cursor.stackFrames?.(this.#ports);
    for (const frame of frames?.user ?? []) {
      if (this.#user.size < MAX_ADDRESSES) this.#user.set(keyOf(pid, frame.address), named(frame));
    }
    if (this.#recording.hasSymbols) return chain;
    for (const { address, symbol } of frames?.kernel ?? []) {
      if (symbol !== undefined && this.#kernel.size < MAX_ADDRESSES) this.#kernel.set(address, symbol);
    }
    return chain;
  }

  /** Nothing is left to learn from the names of this chain. */
  #isNamed({ kernel, user }: CallChain, pid: number): boolean {
    return (
      user.every((address) => this.#user.has(keyOf(pid, address))) &&
      (this.#recording.hasSymbols || kernel.every((address) => this.#kernel.has(address)))
    );
  }

  symbols(): SymbolSource {
    return {
      kernel: (address) => this.#kernelSymbol(address),
      user: (pid, address) => this.#user.get(keyOf(pid, address)),
    };
  }

  /** Without symbols addresses stay numbers, which is told once. */
  #readSymbols(): KernelSymbols {
    try {
      return this.#recording.kernelSymbols();
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      this.#warn(error.message);
      return new KernelSymbols(new Uint8Array(0));
    }
  }

  #kernelSymbol(address: bigint): AddressSymbol | undefined {
    const told = this.#kernel.get(address);
    if (told !== undefined) return told;
    this.#symbols ??= this.#readSymbols();
    const found = this.#symbols.symbolAt(address);
    if (found === undefined) return undefined;
    const { name, module } = found;
    return { name, offset: address - found.address, ...(module === undefined ? {} : { module }) };
  }
}

function keyOf(pid: number, address: bigint): string {
  return `${pid} ${address}`;
}

function named({ symbol, dso, fileOffset, buildId }: StackFrame): UserAddress {
  return {
    ...(symbol === undefined ? {} : { symbol }),
    ...(dso === undefined ? {} : { module: dso }),
    ...(fileOffset === undefined ? {} : { fileOffset }),
    ...(buildId === undefined ? {} : { buildId }),
  };
}

/** Addresses to the record's end, or to the all-ones word that ends older records. */
function callers({ view, offset, length, littleEndian }: EventCursor, from: number): readonly bigint[] {
  const frames: bigint[] = [];
  for (let at = from; at + 8 <= length; at += 8) {
    const address = view.getBigUint64(offset + at, littleEndian);
    if (address === 0n || BigInt.asIntN(32, address) === -1n) break;
    frames.push(address);
  }
  return frames;
}
