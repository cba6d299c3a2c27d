/**
 * The instructions of the resident interpreter: those of the opcode table by their numbers, and forms of them that know
 * more. A program's record in linear memory is four words as in `program.ts`, with registers as byte offsets in the
 * register file and jump targets as addresses:
 *
 *     word 0: | 0:8 | src*8:8 | dst*8:8 | number:8 |     word 1: offset or target     word 2: imm     word 3: see below
 *
 * Word 3 of calls is the instruction's index, of backward jumps how many instructions the jump goes back over.
 */

/** Added to a conditional jump's number when its target is not behind it: those take fuel. */
export const BACKWARD = 100;

/** Forms of `ja` and `call` that know more. Map operations follow {@link Own.map}. */
export const Own = {
  /** `ja` or `ja32` backward. */
  back: 220,
  /** `call` of a function of the program. */
  local: 221,
  /** A helper that gives 64 bits of the current block: word 1 is their address, the source byte the bit that says they hold. */
  current: 222,
  cpu: 223,
  random: 224,
  /** `bpf_loop` with the function at word 1. */
  loop: 225,
  tailCall: 226,
  /** Helpers on a known map, by their place in {@link MAP_CALLS}: word 1 is the address of a {@link Descriptor}. */
  map: 227,
  /** `bpf_ringbuf_submit` and `_discard` of trusted programs. */
  submit: 236,
  discard: 237,
} as const;

/** Offsets of int32 words that tell what a known map's operation needs. */
export const Descriptor = { slot: 0, keySize: 4, valueSize: 8, size: 12 } as const;
export const DESCRIPTOR_SIZE = 16;

/** Bytes of a record. */
export const RECORD = 16;

/** What a function that is called has saved for its caller, from the place of the caller's frame. */
export const Saved = { pc: 0, loops: 4, registers: 8, program: 40 } as const;
/** A power of two: a frame's 512 bytes shifted right by {@link SAVED_SHIFT}. */
export const SAVED_SHIFT = 3;
export const SAVED_SIZE = 64;

/** Numbers in the table of branches. */
export const NUMBERS = 256;
