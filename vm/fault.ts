/**
 * Faults: how a program that the machine cannot let go on ends, and what keeps an object from being loaded. Both are
 * errors with structured fields; the message is for people.
 */
import type { Span } from '../bpf/span.ts';
import { KERNEL_TAG } from './address.ts';
import type { Memory } from './memory.ts';

export type FaultKind =
  /** A load, store or helper argument outside what is mapped, or a store to read-only memory. */
  | 'access'
  /** The instruction budget is used up. */
  | 'fuel'
  /** A helper that the machine's table lacks, or a kernel function. */
  | 'helper'
  /** More than 8 frames. */
  | 'call-depth'
  /** A call or jump through a register to something that is not code of the program. */
  | 'target'
  /** Ran past the last instruction. */
  | 'end'
  /** A packet load without a packet. */
  | 'packet';

export type AccessKind = 'read' | 'write';

export interface FaultDetails {
  readonly kind: FaultKind;
  readonly program: string;
  /** Index of the instruction in the linked program. */
  readonly instruction: number;
  readonly span?: Span | undefined;
  /** 64-bit address in hexadecimal, for `access` and `target`. */
  readonly address?: string | undefined;
  readonly access?: AccessKind | undefined;
  readonly bytes?: number | undefined;
  /** What lies at the address, in words. */
  readonly region?: string | undefined;
}

/** A running program did something wrong. */
export class VmFault extends Error {
  override readonly name: string = 'VmFault';
  readonly details: FaultDetails;
  /** The message without the place. */
  readonly problem: string;

  constructor(message: string, details: FaultDetails) {
    super(`${details.program}: instruction ${details.instruction}: ${message}`);
    this.details = details;
    this.problem = message;
  }
}

/** An object or map cannot be instantiated on this machine. */
export class LoadError extends Error {
  override readonly name: string = 'LoadError';
  /** Negative; what Linux answers where it refuses the same. */
  readonly errno: number | undefined;

  constructor(message: string, errno?: number) {
    super(message);
    this.errno = errno;
  }
}

/** A 64-bit number in hexadecimal, from halves. */
export function hex64(low: number, high: number): string {
  const text = (half: number): string => (half >>> 0).toString(16);
  return high === 0 ? `0x${text(low)}` : `0x${text(high)}${text(low).padStart(8, '0')}`;
}

/** What is wrong with an access to `bytes` at an address that a program may not make. */
export function accessText(
  memory: Memory,
  low: number,
  high: number,
  bytes: number,
  access: AccessKind,
): { readonly message: string } & Pick<FaultDetails, 'address' | 'region' | 'access' | 'bytes'> {
  const address = hex64(low, high);
  const region = regionText(memory, low, high);
  const many = bytes === 1 ? '1 byte' : `${bytes} bytes`;
  return { message: `${access} of ${many} at ${address}: ${region}`, address, region, access, bytes };
}

function regionText({ regions }: Memory, low: number, high: number): string {
  if (high === KERNEL_TAG) return regions.describe(low >>> 0);
  if (high === 0 && low >>> 0 < 65536) return 'near NULL';
  const user = high >= 0 && regions.at(low >>> 0)?.kind === 'user';
  return user ? 'user memory, which only the probe_read_user helpers read' : 'not a kernel address';
}
