/**
 * The interpreter's loop: one switch over the dense opcode numbers of `bpf/opcodes.ts`, on registers as int32 pairs
 * (`d` and `s` are the low halves' indexes). Its length is the instruction set's. A test runs every row of the table.
 */
import { CallKind } from '../../bpf/fields.ts';
import { KERNEL_TAG, USER_TAG } from '../address.ts';
import { hex64 } from '../fault.ts';
import { FRAME_SIZE, MAX_FRAMES, MAX_LOOPS } from '../layout.ts';
import { PAGE } from '../memory.ts';
import { codeIndex, PAST_END } from '../program.ts';
import { div32, mod32, sdiv32, smod32, swap16, swap32 } from './alu32.ts';
import { arsh64, less64, lsh64, mul64, neg64, rsh64, signedLess64 } from './alu64.ts';
import { runAtomic } from './atomics.ts';
import { type Interpreter, SAVED } from './interpreter.ts';

/** Runs from word index `start` until the function there returns. Throws VmFault. */
export function execute(vm: Interpreter, start: number): void {
  const { program, registers: r, divider, memory } = vm;
  const { code } = program;
  const strict = program.mode !== 'trusted';
  const { u8, i32 } = memory;
  const base = vm.depth;
  let loops = MAX_LOOPS;
  let left = 0;
  let pc = start;
  let low = 0;
  let sum = 0;
  let right = 0;
  let a = 0;
  for (;;) {
    if (left === 0) left = vm.refill(pc);
    left--;
    const word = code[pc]!;
    const off = code[pc + 1]!;
    const imm = code[pc + 2]!;
    const d = (word >> 8) & 31;
    const s = (word >> 16) & 31;
    pc += 4;
    // biome-ignore format: a table of instructions
    switch (word & 255) {
      case 0: low = r[d]!; sum = (low + imm) | 0; r[d + 1] = r[d + 1]! + (imm >> 31) + (sum >>> 0 < low >>> 0 ? 1 : 0); r[d] = sum; break; // add64_k
      case 1: low = r[d]!; sum = (low + r[s]!) | 0; r[d + 1] = r[d + 1]! + r[s + 1]! + (sum >>> 0 < low >>> 0 ? 1 : 0); r[d] = sum; break; // add64_x
      case 2: low = r[d]!; right = imm; r[d + 1] = r[d + 1]! - (imm >> 31) - (low >>> 0 < right >>> 0 ? 1 : 0); r[d] = low - right; break; // sub64_k
      case 3: low = r[d]!; right = r[s]!; r[d + 1] = r[d + 1]! - r[s + 1]! - (low >>> 0 < right >>> 0 ? 1 : 0); r[d] = low - right; break; // sub64_x
      case 4: mul64(r, d, imm, imm >> 31); break; // mul64_k
      case 5: mul64(r, d, r[s]!, r[s + 1]!); break; // mul64_x
      case 6: divider.div(r, d, imm, imm >> 31); break; // div64_k
      case 7: divider.div(r, d, r[s]!, r[s + 1]!); break; // div64_x
      case 8: r[d] = r[d]! | imm; r[d + 1] = r[d + 1]! | (imm >> 31); break; // or64_k
      case 9: r[d] = r[d]! | r[s]!; r[d + 1] = r[d + 1]! | r[s + 1]!; break; // or64_x
      case 10: r[d] = r[d]! & imm; r[d + 1] = r[d + 1]! & (imm >> 31); break; // and64_k
      case 11: r[d] = r[d]! & r[s]!; r[d + 1] = r[d + 1]! & r[s + 1]!; break; // and64_x
      case 12: lsh64(r, d, imm); break; // lsh64_k
      case 13: lsh64(r, d, r[s]!); break; // lsh64_x
      case 14: rsh64(r, d, imm); break; // rsh64_k
      case 15: rsh64(r, d, r[s]!); break; // rsh64_x
      case 16: divider.mod(r, d, imm, imm >> 31); break; // mod64_k
      case 17: divider.mod(r, d, r[s]!, r[s + 1]!); break; // mod64_x
      case 18: r[d] = r[d]! ^ imm; r[d + 1] = r[d + 1]! ^ (imm >> 31); break; // xor64_k
      case 19: r[d] = r[d]! ^ r[s]!; r[d + 1] = r[d + 1]! ^ r[s + 1]!; break; // xor64_x
      case 20: low = imm; r[d + 1] = imm >> 31; r[d] = low; break; // mov64_k
      case 21: low = r[s]!; r[d + 1] = r[s + 1]!; r[d] = low; break; // mov64_x
      case 22: arsh64(r, d, imm); break; // arsh64_k
      case 23: arsh64(r, d, r[s]!); break; // arsh64_x
      case 24: divider.sdiv(r, d, imm, imm >> 31); break; // sdiv64_k
      case 25: divider.sdiv(r, d, r[s]!, r[s + 1]!); break; // sdiv64_x
      case 26: divider.smod(r, d, imm, imm >> 31); break; // smod64_k
      case 27: divider.smod(r, d, r[s]!, r[s + 1]!); break; // smod64_x
      case 28: neg64(r, d); break; // neg64
      case 29: r[d] = r[d]! + imm; r[d + 1] = 0; break; // add32_k
      case 30: r[d] = r[d]! + r[s]!; r[d + 1] = 0; break; // add32_x
      case 31: r[d] = r[d]! - imm; r[d + 1] = 0; break; // sub32_k
      case 32: r[d] = r[d]! - r[s]!; r[d + 1] = 0; break; // sub32_x
      case 33: r[d] = Math.imul(r[d]!, imm); r[d + 1] = 0; break; // mul32_k
      case 34: r[d] = Math.imul(r[d]!, r[s]!); r[d + 1] = 0; break; // mul32_x
      case 35: r[d] = div32(r[d]!, imm); r[d + 1] = 0; break; // div32_k
      case 36: r[d] = div32(r[d]!, r[s]!); r[d + 1] = 0; break; // div32_x
      case 37: r[d] = r[d]! | imm; r[d + 1] = 0; break; // or32_k
      case 38: r[d] = r[d]! | r[s]!; r[d + 1] = 0; break; // or32_x
      case 39: r[d] = r[d]! & imm; r[d + 1] = 0; break; // and32_k
      case 40: r[d] = r[d]! & r[s]!; r[d + 1] = 0; break; // and32_x
      case 41: r[d] = r[d]! << imm; r[d + 1] = 0; break; // lsh32_k
      case 42: r[d] = r[d]! << r[s]!; r[d + 1] = 0; break; // lsh32_x
      case 43: r[d] = r[d]! >>> imm; r[d + 1] = 0; break; // rsh32_k
      case 44: r[d] = r[d]! >>> r[s]!; r[d + 1] = 0; break; // rsh32_x
      case 45: r[d] = mod32(r[d]!, imm); r[d + 1] = 0; break; // mod32_k
      case 46: r[d] = mod32(r[d]!, r[s]!); r[d + 1] = 0; break; // mod32_x
      case 47: r[d] = r[d]! ^ imm; r[d + 1] = 0; break; // xor32_k
      case 48: r[d] = r[d]! ^ r[s]!; r[d + 1] = 0; break; // xor32_x
      case 49: r[d] = imm; r[d + 1] = 0; break; // mov32_k
      case 50: r[d] = r[s]!; r[d + 1] = 0; break; // mov32_x
      case 51: r[d] = r[d]! >> imm; r[d + 1] = 0; break; // arsh32_k
      case 52: r[d] = r[d]! >> r[s]!; r[d + 1] = 0; break; // arsh32_x
      case 53: r[d] = sdiv32(r[d]!, imm); r[d + 1] = 0; break; // sdiv32_k
      case 54: r[d] = sdiv32(r[d]!, r[s]!); r[d + 1] = 0; break; // sdiv32_x
      case 55: r[d] = smod32(r[d]!, imm); r[d + 1] = 0; break; // smod32_k
      case 56: r[d] = smod32(r[d]!, r[s]!); r[d + 1] = 0; break; // smod32_x
      case 57: r[d] = -r[d]!; r[d + 1] = 0; break; // neg32
      case 58: low = (r[s]! << 24) >> 24; r[d + 1] = low >> 31; r[d] = low; break; // movsx8_64
      case 59: low = (r[s]! << 16) >> 16; r[d + 1] = low >> 31; r[d] = low; break; // movsx16_64
      case 60: low = r[s]!; r[d + 1] = low >> 31; r[d] = low; break; // movsx32_64
      case 61: low = (r[s]! << 24) >> 24; r[d + 1] = 0; r[d] = low; break; // movsx8_32
      case 62: low = (r[s]! << 16) >> 16; r[d + 1] = 0; r[d] = low; break; // movsx16_32
      case 63: r[d] = r[d]! & 0xffff; r[d + 1] = 0; break; // le16
      case 64: r[d + 1] = 0; break; // le32
      case 65: break; // le64
      case 66: r[d] = swap16(r[d]!); r[d + 1] = 0; break; // be16
      case 67: r[d] = swap32(r[d]!); r[d + 1] = 0; break; // be32
      case 68: low = r[d]!; r[d] = swap32(r[d + 1]!); r[d + 1] = swap32(low); break; // be64
      case 69: r[d] = swap16(r[d]!); r[d + 1] = 0; break; // bswap16
      case 70: r[d] = swap32(r[d]!); r[d + 1] = 0; break; // bswap32
      case 71: low = r[d]!; r[d] = swap32(r[d + 1]!); r[d + 1] = swap32(low); break; // bswap64
      case 73: pc = off; break; // ja
      case 74: pc = off; break; // ja32
      case 76: if (r[d] === imm && r[d + 1] === imm >> 31) pc = off; break; // jeq_k
      case 77: if (r[d] === r[s]! && r[d + 1] === r[s + 1]!) pc = off; break; // jeq_x
      case 78: if (r[d] !== imm || r[d + 1] !== imm >> 31) pc = off; break; // jne_k
      case 79: if (r[d] !== r[s]! || r[d + 1] !== r[s + 1]!) pc = off; break; // jne_x
      case 80: if (less64(imm, imm >> 31, r[d]!, r[d + 1]!)) pc = off; break; // jgt_k
      case 81: if (less64(r[s]!, r[s + 1]!, r[d]!, r[d + 1]!)) pc = off; break; // jgt_x
      case 82: if (!less64(r[d]!, r[d + 1]!, imm, imm >> 31)) pc = off; break; // jge_k
      case 83: if (!less64(r[d]!, r[d + 1]!, r[s]!, r[s + 1]!)) pc = off; break; // jge_x
      case 84: if (less64(r[d]!, r[d + 1]!, imm, imm >> 31)) pc = off; break; // jlt_k
      case 85: if (less64(r[d]!, r[d + 1]!, r[s]!, r[s + 1]!)) pc = off; break; // jlt_x
      case 86: if (!less64(imm, imm >> 31, r[d]!, r[d + 1]!)) pc = off; break; // jle_k
      case 87: if (!less64(r[s]!, r[s + 1]!, r[d]!, r[d + 1]!)) pc = off; break; // jle_x
      case 88: if (((r[d]! & imm) | (r[d + 1]! & (imm >> 31))) !== 0) pc = off; break; // jset_k
      case 89: if (((r[d]! & r[s]!) | (r[d + 1]! & r[s + 1]!)) !== 0) pc = off; break; // jset_x
      case 90: if (signedLess64(imm, imm >> 31, r[d]!, r[d + 1]!)) pc = off; break; // jsgt_k
      case 91: if (signedLess64(r[s]!, r[s + 1]!, r[d]!, r[d + 1]!)) pc = off; break; // jsgt_x
      case 92: if (!signedLess64(r[d]!, r[d + 1]!, imm, imm >> 31)) pc = off; break; // jsge_k
      case 93: if (!signedLess64(r[d]!, r[d + 1]!, r[s]!, r[s + 1]!)) pc = off; break; // jsge_x
      case 94: if (signedLess64(r[d]!, r[d + 1]!, imm, imm >> 31)) pc = off; break; // jslt_k
      case 95: if (signedLess64(r[d]!, r[d + 1]!, r[s]!, r[s + 1]!)) pc = off; break; // jslt_x
      case 96: if (!signedLess64(imm, imm >> 31, r[d]!, r[d + 1]!)) pc = off; break; // jsle_k
      case 97: if (!signedLess64(r[s]!, r[s + 1]!, r[d]!, r[d + 1]!)) pc = off; break; // jsle_x
      case 98: if (r[d] === imm) pc = off; break; // jeq32_k
      case 99: if (r[d] === r[s]!) pc = off; break; // jeq32_x
      case 100: if (r[d] !== imm) pc = off; break; // jne32_k
      case 101: if (r[d] !== r[s]!) pc = off; break; // jne32_x
      case 102: if (r[d]! >>> 0 > imm >>> 0) pc = off; break; // jgt32_k
      case 103: if (r[d]! >>> 0 > r[s]! >>> 0) pc = off; break; // jgt32_x
      case 104: if (r[d]! >>> 0 >= imm >>> 0) pc = off; break; // jge32_k
      case 105: if (r[d]! >>> 0 >= r[s]! >>> 0) pc = off; break; // jge32_x
      case 106: if (r[d]! >>> 0 < imm >>> 0) pc = off; break; // jlt32_k
      case 107: if (r[d]! >>> 0 < r[s]! >>> 0) pc = off; break; // jlt32_x
      case 108: if (r[d]! >>> 0 <= imm >>> 0) pc = off; break; // jle32_k
      case 109: if (r[d]! >>> 0 <= r[s]! >>> 0) pc = off; break; // jle32_x
      case 110: if ((r[d]! & imm) !== 0) pc = off; break; // jset32_k
      case 111: if ((r[d]! & r[s]!) !== 0) pc = off; break; // jset32_x
      case 112: if (r[d]! > imm) pc = off; break; // jsgt32_k
      case 113: if (r[d]! > r[s]!) pc = off; break; // jsgt32_x
      case 114: if (r[d]! >= imm) pc = off; break; // jsge32_k
      case 115: if (r[d]! >= r[s]!) pc = off; break; // jsge32_x
      case 116: if (r[d]! < imm) pc = off; break; // jslt32_k
      case 117: if (r[d]! < r[s]!) pc = off; break; // jslt32_x
      case 118: if (r[d]! <= imm) pc = off; break; // jsle32_k
      case 119: if (r[d]! <= r[s]!) pc = off; break; // jsle32_x
      case 72: castAddress(r, d, s, imm); break; // addr_space_cast
      case 75: if (loops > 0) loops--; else pc = off; break; // may_goto
      case 120: // call
        if (s === CallKind.local << 1) {
          vm.pc = pc - 4;
          if (vm.depth >= MAX_FRAMES) throw vm.fault('call-depth', `more than ${MAX_FRAMES} frames`);
          enter(vm, pc, loops);
          loops = MAX_LOOPS;
          pc = off;
          break;
        }
        vm.fuel += left;
        left = 0;
        callHelper(vm, pc - 4, s >> 1, imm);
        break;
      case 121: // callx
        vm.pc = pc - 4;
        low = codeIndex(program, r[d]!, r[d + 1]!);
        if (low < 0) throw vm.fault('target', `calls ${hex64(r[d]!, r[d + 1]!)}, which is no code of this program`);
        if (vm.depth >= MAX_FRAMES) throw vm.fault('call-depth', `more than ${MAX_FRAMES} frames`);
        enter(vm, pc, loops);
        loops = MAX_LOOPS;
        pc = low;
        break;
      case 122: // gotox
        vm.pc = pc - 4;
        pc = codeIndex(program, r[d]!, r[d + 1]!);
        if (pc < 0) throw vm.fault('target', `jumps to ${hex64(r[d]!, r[d + 1]!)}, which is no code of this program`);
        break;
      case 123: // exit
        if (vm.depth === base) {
          vm.fuel += left;
          return;
        }
        loops = leave(vm);
        pc = vm.saved[vm.depth * SAVED]!;
        break;
      case 124: case 166: // ldx8, load_acquire8
        a = (r[s]! + off) | 0;
        if (strict) guard(vm, pc, r, s, off, 1, false);
        r[d] = u8[a]!; r[d + 1] = 0;
        break;
      case 125: case 167: // ldx16, load_acquire16
        a = (r[s]! + off) | 0;
        if (strict) guard(vm, pc, r, s, off, 2, false);
        r[d] = u8[a]! | (u8[a + 1]! << 8); r[d + 1] = 0;
        break;
      case 126: case 168: // ldx32, load_acquire32
        a = (r[s]! + off) | 0;
        if (strict) guard(vm, pc, r, s, off, 4, false);
        r[d] = (a & 3) === 0 ? i32[a >> 2]! : unaligned(u8, a); r[d + 1] = 0;
        break;
      case 127: case 169: // ldx64, load_acquire64
        a = (r[s]! + off) | 0;
        if (strict) guard(vm, pc, r, s, off, 8, false);
        if ((a & 3) === 0) { r[d] = i32[a >> 2]!; r[d + 1] = i32[(a >> 2) + 1]!; }
        else { r[d] = unaligned(u8, a); r[d + 1] = unaligned(u8, a + 4); }
        break;
      case 128: // ldsx8
        a = (r[s]! + off) | 0;
        if (strict) guard(vm, pc, r, s, off, 1, false);
        low = (u8[a]! << 24) >> 24; r[d] = low; r[d + 1] = low >> 31;
        break;
      case 129: // ldsx16
        a = (r[s]! + off) | 0;
        if (strict) guard(vm, pc, r, s, off, 2, false);
        low = ((u8[a]! | (u8[a + 1]! << 8)) << 16) >> 16; r[d] = low; r[d + 1] = low >> 31;
        break;
      case 130: // ldsx32
        a = (r[s]! + off) | 0;
        if (strict) guard(vm, pc, r, s, off, 4, false);
        low = unaligned(u8, a); r[d] = low; r[d + 1] = low >> 31;
        break;
      case 131: case 170: // stx8, store_release8
        a = (r[d]! + off) | 0;
        if (strict) guard(vm, pc, r, d, off, 1, true);
        u8[a] = r[s]!;
        break;
      case 132: case 171: // stx16, store_release16
        a = (r[d]! + off) | 0;
        if (strict) guard(vm, pc, r, d, off, 2, true);
        low = r[s]!; u8[a] = low; u8[a + 1] = low >> 8;
        break;
      case 133: case 172: // stx32, store_release32
        a = (r[d]! + off) | 0;
        if (strict) guard(vm, pc, r, d, off, 4, true);
        if ((a & 3) === 0) i32[a >> 2] = r[s]!;
        else storeUnaligned(u8, a, r[s]!);
        break;
      case 134: case 173: // stx64, store_release64
        a = (r[d]! + off) | 0;
        if (strict) guard(vm, pc, r, d, off, 8, true);
        if ((a & 3) === 0) { i32[a >> 2] = r[s]!; i32[(a >> 2) + 1] = r[s + 1]!; }
        else { storeUnaligned(u8, a, r[s]!); storeUnaligned(u8, a + 4, r[s + 1]!); }
        break;
      case 135: // st8
        a = (r[d]! + off) | 0;
        if (strict) guard(vm, pc, r, d, off, 1, true);
        u8[a] = imm;
        break;
      case 136: // st16
        a = (r[d]! + off) | 0;
        if (strict) guard(vm, pc, r, d, off, 2, true);
        u8[a] = imm; u8[a + 1] = imm >> 8;
        break;
      case 137: // st32
        a = (r[d]! + off) | 0;
        if (strict) guard(vm, pc, r, d, off, 4, true);
        storeUnaligned(u8, a, imm);
        break;
      case 138: // st64
        a = (r[d]! + off) | 0;
        if (strict) guard(vm, pc, r, d, off, 8, true);
        storeUnaligned(u8, a, imm); storeUnaligned(u8, a + 4, imm >> 31);
        break;
      case 139: r[d] = imm; r[d + 1] = code[pc - 1]!; break; // lddw
      case 140: case 141: case 142: // ldabs8, ldabs16, ldabs32
        vm.pc = pc - 4;
        if (!loadPacket(vm, imm, 1 << ((word & 255) - 140))) return;
        break;
      case 143: case 144: case 145: // ldind8, ldind16, ldind32
        vm.pc = pc - 4;
        if (!loadPacket(vm, (r[s]! + imm) | 0, 1 << ((word & 255) - 143))) return;
        break;
      case PAST_END:
        vm.pc = pc - 4;
        throw vm.fault('end', 'ran past the last instruction');
      default: // 146 ... 165: the atomics
        low = word & 1 ? 8 : 4;
        a = (r[d]! + off) | 0;
        if (strict) guard(vm, pc, r, d, off, low, true);
        else if (a < 0 || a + low > u8.length) break;
        runAtomic(memory, r, word & 255, s, a);
        break;
    }
  }
}

/** Checks one access through the pointer in the pair at `register`; `pc` is already past the instruction. */
function guard(
  vm: Interpreter,
  pc: number,
  r: Int32Array,
  register: number,
  off: number,
  bytes: number,
  write: boolean,
): void {
  const base = r[register]!;
  const high = r[register + 1]!;
  const low = (base + off) | 0;
  if (high === KERNEL_TAG && mayAccess(vm, low >>> 0, bytes, write)) return;
  vm.pc = pc - 4;
  const exact = (base >>> 0) + off;
  const carried = (high + (exact < 0 ? -1 : exact > 0xffff_ffff ? 1 : 0)) | 0;
  throw vm.accessFault(low, carried, bytes, write ? 'write' : 'read');
}

/** Strict programs may touch regions, checked ones all memory there is. */
function mayAccess(
  { program, memory }: Interpreter,
  address: number,
  bytes: number,
  write: boolean,
): boolean {
  if (program.mode === 'strict') return memory.regions.allows(address, bytes, write);
  return address >= PAGE && address + bytes <= memory.limit;
}

/** Saves what a called function may change and moves to the next frame. */
function enter(vm: Interpreter, pc: number, loops: number): void {
  const { registers: r, saved } = vm;
  const at = vm.depth * SAVED;
  saved[at] = pc;
  saved[at + 1] = loops;
  for (let i = 0; i < 10; i++) saved[at + 2 + i] = r[12 + i]!;
  r[20] = r[20]! - FRAME_SIZE;
  vm.depth++;
}

/** Goes back to the caller's frame; returns its loop budget. */
function leave(vm: Interpreter): number {
  const { registers: r, saved } = vm;
  vm.depth--;
  const at = vm.depth * SAVED;
  for (let i = 0; i < 10; i++) r[12 + i] = saved[at + 2 + i]!;
  return saved[at + 1]!;
}

function callHelper(vm: Interpreter, pc: number, kind: number, id: number): void {
  vm.pc = pc;
  if (kind !== CallKind.helper)
    throw vm.fault('helper', `calls kernel function ${id}, which this machine does not have`);
  vm.callHelper(id);
}

/** Packet loads end the program with r0 = 0 beyond the packet (`bpf_gen_ld_abs`). */
function loadPacket(vm: Interpreter, offset: number, bytes: number): boolean {
  const { packet, registers } = vm;
  if (packet === undefined) throw vm.fault('packet', 'loads from a packet, and there is none');
  const value = packet.load(offset, bytes);
  registers[0] = value ?? 0;
  registers[1] = 0;
  return value !== undefined;
}

/** imm is `destination space << 16 | source space`; 1 is the arena, whose user view carries the user tag. NULL stays. */
function castAddress(r: Int32Array, d: number, s: number, imm: number): void {
  const low = r[s]!;
  const tag = imm >>> 16 === 1 ? USER_TAG : KERNEL_TAG;
  r[d] = low;
  r[d + 1] = low === 0 ? 0 : tag;
}

function unaligned(u8: Uint8Array, a: number): number {
  return u8[a]! | (u8[a + 1]! << 8) | (u8[a + 2]! << 16) | (u8[a + 3]! << 24);
}

function storeUnaligned(u8: Uint8Array, a: number, value: number): void {
  u8[a] = value;
  u8[a + 1] = value >> 8;
  u8[a + 2] = value >> 16;
  u8[a + 3] = value >> 24;
}
