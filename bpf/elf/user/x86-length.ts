/**
 * Lengths of x86-64 instructions, to tell where each begins (Intel SDM volume 2, chapter 2 and appendix A): prefixes, opcode,
 * ModRM with SIB and displacement, immediate. What they do does not matter here.
 */

const LONGEST = 15;
/** `lock`, `rep`, segment, operand size, address size. */
const PREFIXES: ReadonlySet<number> = new Set([
  0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3,
]);
/** Opcodes of one byte that do not exist in 64-bit mode. */
const INVALID: ReadonlySet<number> = new Set([
  0x06, 0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x27, 0x2f, 0x37, 0x3f, 0x60, 0x61, 0x82, 0x9a, 0xce, 0xd4, 0xd5,
  0xd6, 0xea,
]);
/** Opcodes after 0F without ModRM and immediate. */
const PLAIN_0F: ReadonlySet<number> = new Set([
  0x05, 0x06, 0x07, 0x08, 0x09, 0x0b, 0x0e, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x37, 0x77, 0xa0, 0xa1, 0xa2,
  0xa8, 0xa9, 0xaa, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf,
]);
/** Opcodes after 0F with ModRM and an immediate of one byte. */
const BYTE_0F: ReadonlySet<number> = new Set([
  0x0f, 0x70, 0x71, 0x72, 0x73, 0xa4, 0xac, 0xba, 0xc2, 0xc4, 0xc5, 0xc6,
]);

interface Operands {
  readonly modrm: boolean;
  /** Bytes of the immediate. */
  readonly immediate: number;
}

/** Undefined when the bytes are no instruction, or end within it. */
export function instructionLength(bytes: Uint8Array, start: number): number | undefined {
  let at = start;
  let isShort = false;
  let isAddressShort = false;
  for (; PREFIXES.has(bytes[at] ?? 0); at++) {
    isShort ||= bytes[at] === 0x66;
    isAddressShort ||= bytes[at] === 0x67;
  }
  let isWide = false;
  if (((bytes[at] ?? 0) & 0xf0) === 0x40) isWide = ((bytes[at++] ?? 0) & 8) !== 0;
  // Of the operand's size, at most four bytes.
  const word = isShort && !isWide ? 2 : 4;
  const opcode = bytes[at++];
  if (opcode === undefined) return undefined;
  const chosen = escapeOf(opcode, bytes[at] ?? 0);
  // Behind the last byte of the opcode, with what an escape has between itself and it.
  const end = chosen === undefined ? at : at + chosen.between + 1;
  const operands =
    chosen === undefined
      ? oneByte(opcode, (bytes[at] ?? 0) >> 3, { word, isWide, isAddressShort })
      : mapped(chosen.map, bytes[end - 1]);
  if (operands === undefined) return undefined;
  at = end;
  if (operands.modrm) at += addressLength(bytes, at);
  const length = at + operands.immediate - start;
  return length > LONGEST || start + length > bytes.length ? undefined : length;
}

interface Escape {
  /** The opcode map: 1 is 0F, 2 is 0F38, 3 is 0F3A; EVEX has 5 and 6. */
  readonly map: number;
  /** Bytes between the escape's first and the opcode. */
  readonly between: number;
}

/** Undefined for opcodes of one byte. `next`: the byte behind. */
function escapeOf(opcode: number, next: number): Escape | undefined {
  switch (opcode) {
    case 0x0f:
      if (next === 0x38) return { map: 2, between: 1 };
      return next === 0x3a ? { map: 3, between: 1 } : { map: 1, between: 0 };
    case 0xc5:
      return { map: 1, between: 1 };
    case 0xc4:
      return { map: next & 0x1f, between: 2 };
    case 0x62:
      return { map: next & 7, between: 3 };
    default:
      return undefined;
  }
}

/** ModRM itself, SIB and displacement. */
function addressLength(bytes: Uint8Array, at: number): number {
  const modrm = bytes[at] ?? 0;
  const [mode, register] = [modrm >> 6, modrm & 7];
  if (mode === 3) return 1;
  const hasSib = register === 4;
  const isFar = mode === 0 && (hasSib ? ((bytes[at + 1] ?? 0) & 7) === 5 : register === 5);
  const displacement = mode === 1 ? 1 : mode === 2 || isFar ? 4 : 0;
  return 1 + (hasSib ? 1 : 0) + displacement;
}

function mapped(map: number, opcode: number | undefined): Operands | undefined {
  if (opcode === undefined) return undefined;
  if (map === 1) return twoBytes(opcode);
  if (map === 3) return { modrm: true, immediate: 1 };
  return map === 2 || map === 5 || map === 6 ? { modrm: true, immediate: 0 } : undefined;
}

function twoBytes(opcode: number): Operands {
  if (PLAIN_0F.has(opcode)) return { modrm: false, immediate: 0 };
  if (opcode >= 0x80 && opcode <= 0x8f) return { modrm: false, immediate: 4 };
  return { modrm: true, immediate: BYTE_0F.has(opcode) ? 1 : 0 };
}

interface Sizes {
  readonly word: 2 | 4;
  readonly isWide: boolean;
  readonly isAddressShort: boolean;
}

/** `extension`: what would be the register of its ModRM. */
function oneByte(
  opcode: number,
  extension: number,
  { word, isWide, isAddressShort }: Sizes,
): Operands | undefined {
  const plain = (immediate: number): Operands => ({ modrm: false, immediate });
  const addressed = (immediate: number): Operands => ({ modrm: true, immediate });
  if (INVALID.has(opcode)) return undefined;
  if (opcode < 0x40)
    return [addressed(0), addressed(0), addressed(0), addressed(0), plain(1), plain(word)][opcode & 7];
  if (opcode >= 0xb8 && opcode <= 0xbf) return plain(isWide ? 8 : word);
  if (opcode >= 0xa0 && opcode <= 0xa3) return plain(isAddressShort ? 4 : 8);
  if (opcode === 0xf6 || opcode === 0xf7) {
    const tests = (extension & 7) < 2;
    return addressed(!tests ? 0 : opcode === 0xf6 ? 1 : word);
  }
  for (const [first, last, modrm, immediate] of ONE_BYTE) {
    if (opcode >= first && opcode <= last)
      return { modrm, immediate: immediate === 'word' ? word : immediate };
  }
  return plain(0);
}

// biome-ignore format: a table
/** First and last opcode, ModRM, bytes of the immediate; what is not here has neither. */
const ONE_BYTE: readonly (readonly [number, number, boolean, number | 'word'])[] = [
  [0x63, 0x63, true, 0], [0x68, 0x68, false, 'word'], [0x69, 0x69, true, 'word'], [0x6a, 0x6a, false, 1],
  [0x6b, 0x6b, true, 1], [0x70, 0x7f, false, 1], [0x80, 0x80, true, 1], [0x81, 0x81, true, 'word'],
  [0x83, 0x83, true, 1], [0x84, 0x8f, true, 0], [0xa8, 0xa8, false, 1], [0xa9, 0xa9, false, 'word'],
  [0xb0, 0xb7, false, 1], [0xc0, 0xc1, true, 1], [0xc2, 0xc2, false, 2], [0xc6, 0xc6, true, 1],
  [0xc7, 0xc7, true, 'word'], [0xc8, 0xc8, false, 3], [0xca, 0xca, false, 2], [0xcd, 0xcd, false, 1],
  [0xd0, 0xd3, true, 0], [0xd8, 0xdf, true, 0], [0xe0, 0xe7, false, 1], [0xe8, 0xe9, false, 4],
  [0xeb, 0xeb, false, 1], [0xfe, 0xff, true, 0],
];
