/** One program to time: text for our assembler, the bytes it reads, and what it must have done after a number of runs. */
import { assemble } from '../../bpf/asm/index.ts';
import type { BpfObject } from '../../bpf/object.ts';
import type { Subject } from './contestant.ts';

/** What runs leave in a map. The n-th run of a program finds `sequence` = n in the first word of its packet. */
export type Effect =
  /** Values are 64-bit counts; `key(sequence)` is counted once a run. Keys repeat after {@link PERIOD} runs. */
  | {
      readonly kind: 'counts';
      readonly map: string;
      readonly key: (sequence: number) => number;
      /** Entries that exist without being counted: all elements of arrays. */
      readonly entries?: number;
    }
  /** The value at key 0 is always this. */
  | { readonly kind: 'value'; readonly map: string; readonly value: () => Uint8Array }
  /** One record of so many 32-bit words a run. */
  | {
      readonly kind: 'records';
      readonly map: string;
      readonly words: (sequence: number) => readonly number[];
    };

export interface Program {
  readonly name: string;
  /**
   * `rN = packet` and `rN = packet_end` stand for the loads of `xdp_md`'s two pointers from r1; everything else is
   * assembler text.
   */
  readonly text: string;
  /** Bytes of the packet; as it is at first. */
  readonly packet: Uint8Array;
  /** r0, all 64 bits. */
  readonly result: bigint;
  readonly effect?: Effect;
  /** It handles one small event: it is also timed in batches. */
  readonly event?: true;
}

/** Runs after which the keys of event programs repeat. */
export const PERIOD = 1024;
/** The least an XDP test-run takes is 14 bytes. */
export const LEAST_PACKET = 64;

/**
 * The program as this machine's engines and C interpreters take it (`pointers`: its context is two 64-bit pointers, which
 * is what Linux makes of the loads, too), or as Linux does (`xdp_md`: two 32-bit fields).
 */
export function objectOf(program: Program, context: 'pointers' | 'xdp_md'): BpfObject {
  const [width, end] = context === 'pointers' ? [64, 8] : [32, 4];
  const body = program.text
    .replaceAll(/(r\d) = packet_end\b/g, `$1 = *(u${width} *)(r1 + ${end})`)
    .replaceAll(/(r\d) = packet\b/g, `$1 = *(u${width} *)(r1 + 0)`);
  const maps = body.match(/^ *\.map .*$/gm)?.join('\n') ?? '';
  const code = body.replaceAll(/^ *\.map .*$/gm, '');
  const text = `.license GPL\n${maps}\n.program main xdp\n${code}`;
  const { object, diagnostics } = assemble(text, program.name);
  if (object === undefined) throw new Error(`${program.name}: ${diagnostics[0]!.message}`);
  return object;
}

/** A packet with `sequence` 0 and bytes that look random behind it. */
export function packetOf(size: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(Math.max(size, LEAST_PACKET));
  let state = seed;
  for (let at = 4; at < bytes.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** r6 = the packet, of which `bytes` are there: else the program returns 1. */
export function packetStart(bytes: number): string {
  return `
    r6 = packet
    r3 = packet_end
    r2 = r6
    r2 += ${bytes}
    if r2 <= r3 goto long_enough
    r0 = 1
    exit
    long_enough:`;
}

export function subjectOf(program: Program): Subject {
  const object = objectOf(program, 'pointers');
  const { name, packet, result, effect } = program;
  return {
    name,
    context: 'packet',
    bytes: packet,
    maps: object.maps,
    object,
    linux: objectOf(program, 'xdp_md'),
    result,
    event: program.event === true,
    ...(effect === undefined ? {} : { effect }),
  };
}
