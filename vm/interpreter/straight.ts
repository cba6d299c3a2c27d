/**
 * The interpreter's inner loop: the instructions that call nothing outside it. V8 keeps what it knows of the typed arrays
 * (their places and lengths) over a loop without calls, which makes it three times as fast as one with a single call in it:
 * hence the arithmetic of `alu64.ts` once more, spelled out. Everything else is `execute.ts`'s.
 */
import { CallKind } from '../../bpf/fields.ts';
import { FRAME_SIZE, MAX_FRAMES, MAX_LOOPS } from '../layout.ts';
import { type Interpreter, Loop, SAVED } from './interpreter.ts';

const LOCAL = CallKind.local << 1;

/**
 * Runs from word index `start` as long as instructions are of this file's kind and the budget of `vm.state` lasts. Returns
 * the word index of the next one, or -1 after the exit at depth `base`. `guarded`: loads and stores are not of this kind.
 */
export function runStraight(vm: Interpreter, start: number, base: number, guarded: boolean): number {
  const { state, registers: r, saved } = vm;
  const { code } = vm.program;
  const { u8, i32 } = vm.memory;
  let left = state[Loop.left]!;
  let loops = state[Loop.loops]!;
  let depth = state[Loop.depth]!;
  let pc = start | 0;
  // What is read of an array before the loop need not be read in it.
  let low = code[pc]! | r[0]! | saved[0]! | u8[0]! | i32[0]!;
  let high = 0;
  let sum = 0;
  let right = 0;
  let a = 0;
  let imm = 0;
  while (left !== 0) {
    left = (left - 1) | 0;
    const word = code[pc]!;
    const d = (word >> 8) & 31;
    const s = word >> 16;
    pc = (pc + 4) | 0;
    // biome-ignore format: a table of instructions
    switch (word & 255) {
      case 0: right = code[pc - 2]!; low = r[d]!; sum = (low + right) | 0; r[d + 1] = r[d + 1]! + (right >> 31) + (((low & right) | ((low | right) & ~sum)) >>> 31); r[d] = sum; break; // add64_k
      case 1: right = r[s]!; low = r[d]!; sum = (low + right) | 0; r[d + 1] = r[d + 1]! + r[s + 1]! + (((low & right) | ((low | right) & ~sum)) >>> 31); r[d] = sum; break; // add64_x
      case 2: right = code[pc - 2]!; low = r[d]!; sum = (low - right) | 0; r[d + 1] = r[d + 1]! - (right >> 31) - (((~low & right) | ((~low | right) & sum)) >>> 31); r[d] = sum; break; // sub64_k
      case 3: right = r[s]!; low = r[d]!; sum = (low - right) | 0; r[d + 1] = r[d + 1]! - r[s + 1]! - (((~low & right) | ((~low | right) & sum)) >>> 31); r[d] = sum; break; // sub64_x
      case 4: imm = code[pc - 2]!; low = r[d]!; right = imm; high = Math.imul(low, imm >> 31) + Math.imul(r[d + 1]!, right); a = (Math.imul(low >>> 16, right & 0xffff) + (Math.imul(low & 0xffff, right & 0xffff) >>> 16)) | 0; sum = (Math.imul(low & 0xffff, right >>> 16) + (a & 0xffff)) | 0; r[d + 1] = high + Math.imul(low >>> 16, right >>> 16) + (a >>> 16) + (sum >>> 16); r[d] = Math.imul(low, right); break; // mul64_k
      case 5: low = r[d]!; right = r[s]!; high = Math.imul(low, r[s + 1]!) + Math.imul(r[d + 1]!, right); a = (Math.imul(low >>> 16, right & 0xffff) + (Math.imul(low & 0xffff, right & 0xffff) >>> 16)) | 0; sum = (Math.imul(low & 0xffff, right >>> 16) + (a & 0xffff)) | 0; r[d + 1] = high + Math.imul(low >>> 16, right >>> 16) + (a >>> 16) + (sum >>> 16); r[d] = Math.imul(low, right); break; // mul64_x
      case 6: { // div64_k by 32 bits, with digits of 32, 16 and 16 bits; what is left is below 2^48
        right = code[pc - 2]!;
        if (right >> 31 !== 0 || right === 0) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        const divisor = right >>> 0;
        low = r[d]!; high = r[d + 1]!;
        const first = ((high >>> 0) / divisor) >>> 0;
        const upper = ((high >>> 0) - first * divisor) * 0x1_0000 + (low >>> 16);
        const second = (upper / divisor) | 0;
        const lower = (upper - second * divisor) * 0x1_0000 + (low & 0xffff);
        const third = (lower / divisor) | 0;
        r[d + 1] = first; r[d] = second * 0x1_0000 + third;
        break;
      }
      case 7: { // div64_x by 32 bits, with digits of 32, 16 and 16 bits; what is left is below 2^48
        right = r[s]!;
        if (r[s + 1]! !== 0 || right === 0) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        const divisor = right >>> 0;
        low = r[d]!; high = r[d + 1]!;
        const first = ((high >>> 0) / divisor) >>> 0;
        const upper = ((high >>> 0) - first * divisor) * 0x1_0000 + (low >>> 16);
        const second = (upper / divisor) | 0;
        const lower = (upper - second * divisor) * 0x1_0000 + (low & 0xffff);
        const third = (lower / divisor) | 0;
        r[d + 1] = first; r[d] = second * 0x1_0000 + third;
        break;
      }
      case 8: imm = code[pc - 2]!; r[d] = r[d]! | imm; r[d + 1] = r[d + 1]! | (imm >> 31); break; // or64_k
      case 9: r[d] = r[d]! | r[s]!; r[d + 1] = r[d + 1]! | r[s + 1]!; break; // or64_x
      case 10: imm = code[pc - 2]!; r[d] = r[d]! & imm; r[d + 1] = r[d + 1]! & (imm >> 31); break; // and64_k
      case 11: r[d] = r[d]! & r[s]!; r[d + 1] = r[d + 1]! & r[s + 1]!; break; // and64_x
      case 12: a = code[pc - 2]!; low = r[d]!; high = (r[d + 1]! << a) | ((low >>> 1) >>> ~a); low <<= a; a = -((a >> 5) & 1); r[d + 1] = (high & ~a) | (low & a); r[d] = low & ~a; break; // lsh64_k
      case 13: a = r[s]!; low = r[d]!; high = (r[d + 1]! << a) | ((low >>> 1) >>> ~a); low <<= a; a = -((a >> 5) & 1); r[d + 1] = (high & ~a) | (low & a); r[d] = low & ~a; break; // lsh64_x
      case 14: a = code[pc - 2]!; high = r[d + 1]!; low = (r[d]! >>> a) | ((high << 1) << ~a); high >>>= a; a = -((a >> 5) & 1); r[d] = (low & ~a) | (high & a); r[d + 1] = high & ~a; break; // rsh64_k
      case 15: a = r[s]!; high = r[d + 1]!; low = (r[d]! >>> a) | ((high << 1) << ~a); high >>>= a; a = -((a >> 5) & 1); r[d] = (low & ~a) | (high & a); r[d + 1] = high & ~a; break; // rsh64_x
      case 16: { // mod64_k by 32 bits, with digits of 32, 16 and 16 bits; what is left is below 2^48
        right = code[pc - 2]!;
        if (right >> 31 !== 0 || right === 0) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        const divisor = right >>> 0;
        low = r[d]!; high = r[d + 1]!;
        const first = ((high >>> 0) / divisor) >>> 0;
        const upper = ((high >>> 0) - first * divisor) * 0x1_0000 + (low >>> 16);
        const second = (upper / divisor) | 0;
        const lower = (upper - second * divisor) * 0x1_0000 + (low & 0xffff);
        const third = (lower / divisor) | 0;
        r[d + 1] = 0; r[d] = lower - third * divisor;
        break;
      }
      case 17: { // mod64_x by 32 bits, with digits of 32, 16 and 16 bits; what is left is below 2^48
        right = r[s]!;
        if (r[s + 1]! !== 0 || right === 0) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        const divisor = right >>> 0;
        low = r[d]!; high = r[d + 1]!;
        const first = ((high >>> 0) / divisor) >>> 0;
        const upper = ((high >>> 0) - first * divisor) * 0x1_0000 + (low >>> 16);
        const second = (upper / divisor) | 0;
        const lower = (upper - second * divisor) * 0x1_0000 + (low & 0xffff);
        const third = (lower / divisor) | 0;
        r[d + 1] = 0; r[d] = lower - third * divisor;
        break;
      }
      case 18: imm = code[pc - 2]!; r[d] = r[d]! ^ imm; r[d + 1] = r[d + 1]! ^ (imm >> 31); break; // xor64_k
      case 19: r[d] = r[d]! ^ r[s]!; r[d + 1] = r[d + 1]! ^ r[s + 1]!; break; // xor64_x
      case 20: imm = code[pc - 2]!; low = imm; r[d + 1] = imm >> 31; r[d] = low; break; // mov64_k
      case 21: low = r[s]!; r[d + 1] = r[s + 1]!; r[d] = low; break; // mov64_x
      case 22: a = code[pc - 2]!; high = r[d + 1]!; low = (r[d]! >>> a) | ((high << 1) << ~a); sum = high >> 31; high >>= a; a = -((a >> 5) & 1); r[d] = (low & ~a) | (high & a); r[d + 1] = (high & ~a) | (sum & a); break; // arsh64_k
      case 23: a = r[s]!; high = r[d + 1]!; low = (r[d]! >>> a) | ((high << 1) << ~a); sum = high >> 31; high >>= a; a = -((a >> 5) & 1); r[d] = (low & ~a) | (high & a); r[d + 1] = (high & ~a) | (sum & a); break; // arsh64_x
      case 28: low = r[d]!; r[d + 1] = low === 0 ? -r[d + 1]! : ~r[d + 1]!; r[d] = -low; break; // neg64
      case 29: r[d] = r[d]! + code[pc - 2]!; r[d + 1] = 0; break; // add32_k
      case 30: r[d] = r[d]! + r[s]!; r[d + 1] = 0; break; // add32_x
      case 31: r[d] = r[d]! - code[pc - 2]!; r[d + 1] = 0; break; // sub32_k
      case 32: r[d] = r[d]! - r[s]!; r[d + 1] = 0; break; // sub32_x
      case 33: r[d] = Math.imul(r[d]!, code[pc - 2]!); r[d + 1] = 0; break; // mul32_k
      case 34: r[d] = Math.imul(r[d]!, r[s]!); r[d + 1] = 0; break; // mul32_x
      case 35: right = code[pc - 2]!; r[d] = right === 0 ? 0 : (r[d]! >>> 0) / (right >>> 0); r[d + 1] = 0; break; // div32_k
      case 36: right = r[s]!; r[d] = right === 0 ? 0 : (r[d]! >>> 0) / (right >>> 0); r[d + 1] = 0; break; // div32_x
      case 37: r[d] = r[d]! | code[pc - 2]!; r[d + 1] = 0; break; // or32_k
      case 38: r[d] = r[d]! | r[s]!; r[d + 1] = 0; break; // or32_x
      case 39: r[d] = r[d]! & code[pc - 2]!; r[d + 1] = 0; break; // and32_k
      case 40: r[d] = r[d]! & r[s]!; r[d + 1] = 0; break; // and32_x
      case 41: r[d] = r[d]! << code[pc - 2]!; r[d + 1] = 0; break; // lsh32_k
      case 42: r[d] = r[d]! << r[s]!; r[d + 1] = 0; break; // lsh32_x
      case 43: r[d] = r[d]! >>> code[pc - 2]!; r[d + 1] = 0; break; // rsh32_k
      case 44: r[d] = r[d]! >>> r[s]!; r[d + 1] = 0; break; // rsh32_x
      case 45: right = code[pc - 2]!; if (right !== 0) r[d] = (r[d]! >>> 0) % (right >>> 0); r[d + 1] = 0; break; // mod32_k
      case 46: right = r[s]!; if (right !== 0) r[d] = (r[d]! >>> 0) % (right >>> 0); r[d + 1] = 0; break; // mod32_x
      case 47: r[d] = r[d]! ^ code[pc - 2]!; r[d + 1] = 0; break; // xor32_k
      case 48: r[d] = r[d]! ^ r[s]!; r[d + 1] = 0; break; // xor32_x
      case 49: r[d] = code[pc - 2]!; r[d + 1] = 0; break; // mov32_k
      case 50: r[d] = r[s]!; r[d + 1] = 0; break; // mov32_x
      case 51: r[d] = r[d]! >> code[pc - 2]!; r[d + 1] = 0; break; // arsh32_k
      case 52: r[d] = r[d]! >> r[s]!; r[d + 1] = 0; break; // arsh32_x
      case 57: r[d] = -r[d]!; r[d + 1] = 0; break; // neg32
      case 58: low = (r[s]! << 24) >> 24; r[d + 1] = low >> 31; r[d] = low; break; // movsx8_64
      case 59: low = (r[s]! << 16) >> 16; r[d + 1] = low >> 31; r[d] = low; break; // movsx16_64
      case 60: low = r[s]!; r[d + 1] = low >> 31; r[d] = low; break; // movsx32_64
      case 61: low = (r[s]! << 24) >> 24; r[d + 1] = 0; r[d] = low; break; // movsx8_32
      case 62: low = (r[s]! << 16) >> 16; r[d + 1] = 0; r[d] = low; break; // movsx16_32
      case 63: r[d] = r[d]! & 0xffff; r[d + 1] = 0; break; // le16
      case 64: r[d + 1] = 0; break; // le32
      case 65: break; // le64
      case 66: low = r[d]!; r[d] = ((low & 0xff) << 8) | ((low >>> 8) & 0xff); r[d + 1] = 0; break; // be16
      case 67: low = r[d]!; r[d] = (low << 24) | ((low & 0xff00) << 8) | ((low >>> 8) & 0xff00) | (low >>> 24); r[d + 1] = 0; break; // be32
      case 68: low = r[d]!; high = r[d + 1]!; r[d] = (high << 24) | ((high & 0xff00) << 8) | ((high >>> 8) & 0xff00) | (high >>> 24); r[d + 1] = (low << 24) | ((low & 0xff00) << 8) | ((low >>> 8) & 0xff00) | (low >>> 24); break; // be64
      case 69: low = r[d]!; r[d] = ((low & 0xff) << 8) | ((low >>> 8) & 0xff); r[d + 1] = 0; break; // bswap16
      case 70: low = r[d]!; r[d] = (low << 24) | ((low & 0xff00) << 8) | ((low >>> 8) & 0xff00) | (low >>> 24); r[d + 1] = 0; break; // bswap32
      case 71: low = r[d]!; high = r[d + 1]!; r[d] = (high << 24) | ((high & 0xff00) << 8) | ((high >>> 8) & 0xff00) | (high >>> 24); r[d + 1] = (low << 24) | ((low & 0xff00) << 8) | ((low >>> 8) & 0xff00) | (low >>> 24); break; // bswap64
      case 73: pc = code[pc - 3]!; break; // ja
      case 74: pc = code[pc - 3]!; break; // ja32
      case 76: imm = code[pc - 2]!; if (r[d] === imm && r[d + 1] === imm >> 31) pc = code[pc - 3]!; break; // jeq_k
      case 77: if (r[d] === r[s]! && r[d + 1] === r[s + 1]!) pc = code[pc - 3]!; break; // jeq_x
      case 78: imm = code[pc - 2]!; if (r[d] !== imm || r[d + 1] !== imm >> 31) pc = code[pc - 3]!; break; // jne_k
      case 79: if (r[d] !== r[s]! || r[d + 1] !== r[s + 1]!) pc = code[pc - 3]!; break; // jne_x
      case 80: imm = code[pc - 2]!; if (imm >> 31 === r[d + 1]! ? imm >>> 0 < r[d]! >>> 0 : (imm >> 31) >>> 0 < r[d + 1]! >>> 0) pc = code[pc - 3]!; break; // jgt_k
      case 81: if (r[s + 1]! === r[d + 1]! ? r[s]! >>> 0 < r[d]! >>> 0 : r[s + 1]! >>> 0 < r[d + 1]! >>> 0) pc = code[pc - 3]!; break; // jgt_x
      case 82: imm = code[pc - 2]!; if (!(r[d + 1]! === imm >> 31 ? r[d]! >>> 0 < imm >>> 0 : r[d + 1]! >>> 0 < (imm >> 31) >>> 0)) pc = code[pc - 3]!; break; // jge_k
      case 83: if (!(r[d + 1]! === r[s + 1]! ? r[d]! >>> 0 < r[s]! >>> 0 : r[d + 1]! >>> 0 < r[s + 1]! >>> 0)) pc = code[pc - 3]!; break; // jge_x
      case 84: imm = code[pc - 2]!; if (r[d + 1]! === imm >> 31 ? r[d]! >>> 0 < imm >>> 0 : r[d + 1]! >>> 0 < (imm >> 31) >>> 0) pc = code[pc - 3]!; break; // jlt_k
      case 85: if (r[d + 1]! === r[s + 1]! ? r[d]! >>> 0 < r[s]! >>> 0 : r[d + 1]! >>> 0 < r[s + 1]! >>> 0) pc = code[pc - 3]!; break; // jlt_x
      case 86: imm = code[pc - 2]!; if (!(imm >> 31 === r[d + 1]! ? imm >>> 0 < r[d]! >>> 0 : (imm >> 31) >>> 0 < r[d + 1]! >>> 0)) pc = code[pc - 3]!; break; // jle_k
      case 87: if (!(r[s + 1]! === r[d + 1]! ? r[s]! >>> 0 < r[d]! >>> 0 : r[s + 1]! >>> 0 < r[d + 1]! >>> 0)) pc = code[pc - 3]!; break; // jle_x
      case 88: imm = code[pc - 2]!; if (((r[d]! & imm) | (r[d + 1]! & (imm >> 31))) !== 0) pc = code[pc - 3]!; break; // jset_k
      case 89: if (((r[d]! & r[s]!) | (r[d + 1]! & r[s + 1]!)) !== 0) pc = code[pc - 3]!; break; // jset_x
      case 90: imm = code[pc - 2]!; if (imm >> 31 === r[d + 1]! ? imm >>> 0 < r[d]! >>> 0 : imm >> 31 < r[d + 1]!) pc = code[pc - 3]!; break; // jsgt_k
      case 91: if (r[s + 1]! === r[d + 1]! ? r[s]! >>> 0 < r[d]! >>> 0 : r[s + 1]! < r[d + 1]!) pc = code[pc - 3]!; break; // jsgt_x
      case 92: imm = code[pc - 2]!; if (!(r[d + 1]! === imm >> 31 ? r[d]! >>> 0 < imm >>> 0 : r[d + 1]! < imm >> 31)) pc = code[pc - 3]!; break; // jsge_k
      case 93: if (!(r[d + 1]! === r[s + 1]! ? r[d]! >>> 0 < r[s]! >>> 0 : r[d + 1]! < r[s + 1]!)) pc = code[pc - 3]!; break; // jsge_x
      case 94: imm = code[pc - 2]!; if (r[d + 1]! === imm >> 31 ? r[d]! >>> 0 < imm >>> 0 : r[d + 1]! < imm >> 31) pc = code[pc - 3]!; break; // jslt_k
      case 95: if (r[d + 1]! === r[s + 1]! ? r[d]! >>> 0 < r[s]! >>> 0 : r[d + 1]! < r[s + 1]!) pc = code[pc - 3]!; break; // jslt_x
      case 96: imm = code[pc - 2]!; if (!(imm >> 31 === r[d + 1]! ? imm >>> 0 < r[d]! >>> 0 : imm >> 31 < r[d + 1]!)) pc = code[pc - 3]!; break; // jsle_k
      case 97: if (!(r[s + 1]! === r[d + 1]! ? r[s]! >>> 0 < r[d]! >>> 0 : r[s + 1]! < r[d + 1]!)) pc = code[pc - 3]!; break; // jsle_x
      case 98: if (r[d] === code[pc - 2]!) pc = code[pc - 3]!; break; // jeq32_k
      case 99: if (r[d] === r[s]!) pc = code[pc - 3]!; break; // jeq32_x
      case 100: if (r[d] !== code[pc - 2]!) pc = code[pc - 3]!; break; // jne32_k
      case 101: if (r[d] !== r[s]!) pc = code[pc - 3]!; break; // jne32_x
      case 102: if (r[d]! >>> 0 > code[pc - 2]! >>> 0) pc = code[pc - 3]!; break; // jgt32_k
      case 103: if (r[d]! >>> 0 > r[s]! >>> 0) pc = code[pc - 3]!; break; // jgt32_x
      case 104: if (r[d]! >>> 0 >= code[pc - 2]! >>> 0) pc = code[pc - 3]!; break; // jge32_k
      case 105: if (r[d]! >>> 0 >= r[s]! >>> 0) pc = code[pc - 3]!; break; // jge32_x
      case 106: if (r[d]! >>> 0 < code[pc - 2]! >>> 0) pc = code[pc - 3]!; break; // jlt32_k
      case 107: if (r[d]! >>> 0 < r[s]! >>> 0) pc = code[pc - 3]!; break; // jlt32_x
      case 108: if (r[d]! >>> 0 <= code[pc - 2]! >>> 0) pc = code[pc - 3]!; break; // jle32_k
      case 109: if (r[d]! >>> 0 <= r[s]! >>> 0) pc = code[pc - 3]!; break; // jle32_x
      case 110: if ((r[d]! & code[pc - 2]!) !== 0) pc = code[pc - 3]!; break; // jset32_k
      case 111: if ((r[d]! & r[s]!) !== 0) pc = code[pc - 3]!; break; // jset32_x
      case 112: if (r[d]! > code[pc - 2]!) pc = code[pc - 3]!; break; // jsgt32_k
      case 113: if (r[d]! > r[s]!) pc = code[pc - 3]!; break; // jsgt32_x
      case 114: if (r[d]! >= code[pc - 2]!) pc = code[pc - 3]!; break; // jsge32_k
      case 115: if (r[d]! >= r[s]!) pc = code[pc - 3]!; break; // jsge32_x
      case 116: if (r[d]! < code[pc - 2]!) pc = code[pc - 3]!; break; // jslt32_k
      case 117: if (r[d]! < r[s]!) pc = code[pc - 3]!; break; // jslt32_x
      case 118: if (r[d]! <= code[pc - 2]!) pc = code[pc - 3]!; break; // jsle32_k
      case 119: if (r[d]! <= r[s]!) pc = code[pc - 3]!; break; // jsle32_x
      case 75: if (loops > 0) loops = (loops - 1) | 0; else pc = code[pc - 3]!; break; // may_goto
      case 120: // call
        if (s !== LOCAL || depth >= MAX_FRAMES) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = Math.imul(depth, SAVED);
        saved[a] = pc; saved[a + 1] = loops;
        saved[a + 2] = r[12]!; saved[a + 3] = r[13]!; saved[a + 4] = r[14]!; saved[a + 5] = r[15]!;
        saved[a + 6] = r[16]!; saved[a + 7] = r[17]!; saved[a + 8] = r[18]!; saved[a + 9] = r[19]!;
        r[20] = r[20]! - FRAME_SIZE;
        depth = (depth + 1) | 0;
        loops = MAX_LOOPS;
        pc = code[pc - 3]!;
        break;
      case 123: // exit
        if (depth === base) return stop(state, -1, left, loops, depth);
        depth = (depth - 1) | 0;
        a = Math.imul(depth, SAVED);
        pc = saved[a]!; loops = saved[a + 1]!;
        r[12] = saved[a + 2]!; r[13] = saved[a + 3]!; r[14] = saved[a + 4]!; r[15] = saved[a + 5]!;
        r[16] = saved[a + 6]!; r[17] = saved[a + 7]!; r[18] = saved[a + 8]!; r[19] = saved[a + 9]!;
        r[20] = r[20]! + FRAME_SIZE;
        break;
      case 124: case 166: // ldx8, load_acquire8
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        r[d] = u8[(r[s]! + code[pc - 3]!) | 0]!; r[d + 1] = 0;
        break;
      case 125: case 167: // ldx16, load_acquire16
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = (r[s]! + code[pc - 3]!) | 0;
        r[d] = u8[a]! | (u8[a + 1]! << 8); r[d + 1] = 0;
        break;
      case 126: case 168: // ldx32, load_acquire32
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = (r[s]! + code[pc - 3]!) | 0;
        if ((a & 3) === 0) r[d] = i32[a >> 2]!;
        else r[d] = u8[a]! | (u8[a + 1]! << 8) | (u8[a + 2]! << 16) | (u8[a + 3]! << 24);
        r[d + 1] = 0;
        break;
      case 127: case 169: // ldx64, load_acquire64
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = (r[s]! + code[pc - 3]!) | 0;
        if ((a & 3) === 0) { r[d] = i32[a >> 2]!; r[d + 1] = i32[(a >> 2) + 1]!; break; }
        r[d] = u8[a]! | (u8[a + 1]! << 8) | (u8[a + 2]! << 16) | (u8[a + 3]! << 24);
        r[d + 1] = u8[a + 4]! | (u8[a + 5]! << 8) | (u8[a + 6]! << 16) | (u8[a + 7]! << 24);
        break;
      case 128: // ldsx8
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        low = (u8[(r[s]! + code[pc - 3]!) | 0]! << 24) >> 24; r[d] = low; r[d + 1] = low >> 31;
        break;
      case 129: // ldsx16
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = (r[s]! + code[pc - 3]!) | 0;
        low = ((u8[a]! | (u8[a + 1]! << 8)) << 16) >> 16; r[d] = low; r[d + 1] = low >> 31;
        break;
      case 130: // ldsx32
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = (r[s]! + code[pc - 3]!) | 0;
        low = u8[a]! | (u8[a + 1]! << 8) | (u8[a + 2]! << 16) | (u8[a + 3]! << 24);
        r[d] = low; r[d + 1] = low >> 31;
        break;
      case 131: case 170: // stx8, store_release8
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        u8[(r[d]! + code[pc - 3]!) | 0] = r[s]!;
        break;
      case 132: case 171: // stx16, store_release16
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = (r[d]! + code[pc - 3]!) | 0;
        low = r[s]!; u8[a] = low; u8[a + 1] = low >> 8;
        break;
      case 133: case 172: // stx32, store_release32
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = (r[d]! + code[pc - 3]!) | 0;
        low = r[s]!;
        if ((a & 3) === 0) i32[a >> 2] = low;
        else { u8[a] = low; u8[a + 1] = low >> 8; u8[a + 2] = low >> 16; u8[a + 3] = low >> 24; }
        break;
      case 134: case 173: // stx64, store_release64
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = (r[d]! + code[pc - 3]!) | 0;
        low = r[s]!; high = r[s + 1]!;
        if ((a & 3) === 0) { i32[a >> 2] = low; i32[(a >> 2) + 1] = high; break; }
        u8[a] = low; u8[a + 1] = low >> 8; u8[a + 2] = low >> 16; u8[a + 3] = low >> 24;
        u8[a + 4] = high; u8[a + 5] = high >> 8; u8[a + 6] = high >> 16; u8[a + 7] = high >> 24;
        break;
      case 135: // st8
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        u8[(r[d]! + code[pc - 3]!) | 0] = code[pc - 2]!;
        break;
      case 136: // st16
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = (r[d]! + code[pc - 3]!) | 0;
        low = code[pc - 2]!; u8[a] = low; u8[a + 1] = low >> 8;
        break;
      case 137: // st32
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = (r[d]! + code[pc - 3]!) | 0;
        low = code[pc - 2]!;
        if ((a & 3) === 0) i32[a >> 2] = low;
        else { u8[a] = low; u8[a + 1] = low >> 8; u8[a + 2] = low >> 16; u8[a + 3] = low >> 24; }
        break;
      case 138: // st64
        if (guarded) return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
        a = (r[d]! + code[pc - 3]!) | 0;
        low = code[pc - 2]!; high = low >> 31;
        if ((a & 3) === 0) { i32[a >> 2] = low; i32[(a >> 2) + 1] = high; break; }
        u8[a] = low; u8[a + 1] = low >> 8; u8[a + 2] = low >> 16; u8[a + 3] = low >> 24;
        u8[a + 4] = high; u8[a + 5] = high; u8[a + 6] = high; u8[a + 7] = high;
        break;
      case 139: r[d] = code[pc - 2]!; r[d + 1] = code[(pc - 1) | 0]!; break; // lddw
      default: return stop(state, (pc - 4) | 0, (left + 1) | 0, loops, depth);
    }
  }
  return stop(state, pc, 0, loops, depth);
}

function stop(state: Int32Array, pc: number, left: number, loops: number, depth: number): number {
  state[Loop.left] = left;
  state[Loop.loops] = loops;
  state[Loop.depth] = depth;
  return pc;
}
