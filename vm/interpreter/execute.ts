/**
 * The interpreter's outer loop: a switch over the dense opcode numbers of `bpf/opcodes.ts`, on registers as int32 pairs (`d`
 * and `s` are the low halves' indexes). It has what `straight.ts` stops at: division, helpers, checked accesses, atomics. A
 * test runs every row of the table.
 */
import { CallKind } from '../../bpf/fields.ts';
import { KERNEL_TAG, USER_TAG } from '../address.ts';
import { hex64 } from '../fault.ts';
import { FRAME_SIZE, MAX_FRAMES, MAX_LOOPS, RunState } from '../layout.ts';
import { PAGE } from '../memory.ts';
import { codeIndex, PAST_END } from '../program.ts';
import { startTail, TAIL_CALL, tailTarget } from '../tail-call.ts';
import { sdiv32, smod32 } from './alu32.ts';
import { runAtomic } from './atomics.ts';
import { type Interpreter, Loop, SAVED } from './interpreter.ts';
import { runStraight } from './straight.ts';

/** Runs from word index `start` until the function there returns. Throws VmFault. */
export function execute(vm: Interpreter, start: number): void {
  const { program, registers: r, divider, memory, state } = vm;
  const { code } = program;
  const guarded = program.mode !== 'trusted';
  const { u8 } = memory;
  const base = state[Loop.depth]!;
  let pc = start;
  let low = 0;
  let a = 0;
  state[Loop.loops] = MAX_LOOPS;
  state[Loop.left] = 0;
  for (;;) {
    if (state[Loop.left] === 0) state[Loop.left] = vm.refill(pc);
    pc = runStraight(vm, pc, base, guarded);
    if (pc < 0) {
      vm.fuel += state[Loop.left]!;
      return;
    }
    if (state[Loop.left] === 0) continue;
    state[Loop.left]!--;
    const word = code[pc]!;
    const off = code[pc + 1]!;
    const imm = code[pc + 2]!;
    const d = (word >> 8) & 31;
    const s = word >> 16;
    pc += 4;
    // biome-ignore format: a table of instructions
    switch (word & 255) {
      case 6: divider.div(r, d, imm, imm >> 31); break; // div64_k
      case 7: divider.div(r, d, r[s]!, r[s + 1]!); break; // div64_x
      case 16: divider.mod(r, d, imm, imm >> 31); break; // mod64_k
      case 17: divider.mod(r, d, r[s]!, r[s + 1]!); break; // mod64_x
      case 24: divider.sdiv(r, d, imm, imm >> 31); break; // sdiv64_k
      case 25: divider.sdiv(r, d, r[s]!, r[s + 1]!); break; // sdiv64_x
      case 26: divider.smod(r, d, imm, imm >> 31); break; // smod64_k
      case 27: divider.smod(r, d, r[s]!, r[s + 1]!); break; // smod64_x
      case 53: r[d] = sdiv32(r[d]!, imm); r[d + 1] = 0; break; // sdiv32_k
      case 54: r[d] = sdiv32(r[d]!, r[s]!); r[d + 1] = 0; break; // sdiv32_x
      case 55: r[d] = smod32(r[d]!, imm); r[d + 1] = 0; break; // smod32_k
      case 56: r[d] = smod32(r[d]!, r[s]!); r[d + 1] = 0; break; // smod32_x
      case 72: castAddress(r, d, s, imm); break; // addr_space_cast
      case 120: // call
        vm.pc = pc - 4;
        // A local call comes here when there are too many frames.
        if (s === CallKind.local << 1) enter(vm, pc);
        vm.fuel += state[Loop.left]!;
        state[Loop.left] = 0;
        if (imm !== TAIL_CALL || s !== 0) callHelper(vm, s >> 1, imm);
        else if (callTail(vm)) {
          pc = leave(vm, base);
          if (pc < 0) return;
        }
        break;
      case 121: // callx
        vm.pc = pc - 4;
        low = codeIndex(program, r[d]!, r[d + 1]!);
        if (low < 0) throw vm.fault('target', `calls ${hex64(r[d]!, r[d + 1]!)}, which is no code of this program`);
        enter(vm, pc);
        pc = low;
        break;
      case 122: // gotox
        vm.pc = pc - 4;
        pc = codeIndex(program, r[d]!, r[d + 1]!);
        if (pc < 0) throw vm.fault('target', `jumps to ${hex64(r[d]!, r[d + 1]!)}, which is no code of this program`);
        break;
      case 124: case 166: // ldx8, load_acquire8
        a = (r[s]! + off) | 0;
        guard(vm, pc, r, s, off, 1, false);
        r[d] = u8[a]!; r[d + 1] = 0;
        break;
      case 125: case 167: // ldx16, load_acquire16
        a = (r[s]! + off) | 0;
        guard(vm, pc, r, s, off, 2, false);
        r[d] = u8[a]! | (u8[a + 1]! << 8); r[d + 1] = 0;
        break;
      case 126: case 168: // ldx32, load_acquire32
        a = (r[s]! + off) | 0;
        guard(vm, pc, r, s, off, 4, false);
        r[d] = unaligned(u8, a); r[d + 1] = 0;
        break;
      case 127: case 169: // ldx64, load_acquire64
        a = (r[s]! + off) | 0;
        guard(vm, pc, r, s, off, 8, false);
        r[d] = unaligned(u8, a); r[d + 1] = unaligned(u8, a + 4);
        break;
      case 128: // ldsx8
        a = (r[s]! + off) | 0;
        guard(vm, pc, r, s, off, 1, false);
        low = (u8[a]! << 24) >> 24; r[d] = low; r[d + 1] = low >> 31;
        break;
      case 129: // ldsx16
        a = (r[s]! + off) | 0;
        guard(vm, pc, r, s, off, 2, false);
        low = ((u8[a]! | (u8[a + 1]! << 8)) << 16) >> 16; r[d] = low; r[d + 1] = low >> 31;
        break;
      case 130: // ldsx32
        a = (r[s]! + off) | 0;
        guard(vm, pc, r, s, off, 4, false);
        low = unaligned(u8, a); r[d] = low; r[d + 1] = low >> 31;
        break;
      case 131: case 170: // stx8, store_release8
        a = (r[d]! + off) | 0;
        guard(vm, pc, r, d, off, 1, true);
        u8[a] = r[s]!;
        break;
      case 132: case 171: // stx16, store_release16
        a = (r[d]! + off) | 0;
        guard(vm, pc, r, d, off, 2, true);
        low = r[s]!; u8[a] = low; u8[a + 1] = low >> 8;
        break;
      case 133: case 172: // stx32, store_release32
        a = (r[d]! + off) | 0;
        guard(vm, pc, r, d, off, 4, true);
        storeUnaligned(u8, a, r[s]!);
        break;
      case 134: case 173: // stx64, store_release64
        a = (r[d]! + off) | 0;
        guard(vm, pc, r, d, off, 8, true);
        storeUnaligned(u8, a, r[s]!); storeUnaligned(u8, a + 4, r[s + 1]!);
        break;
      case 135: // st8
        a = (r[d]! + off) | 0;
        guard(vm, pc, r, d, off, 1, true);
        u8[a] = imm;
        break;
      case 136: // st16
        a = (r[d]! + off) | 0;
        guard(vm, pc, r, d, off, 2, true);
        u8[a] = imm; u8[a + 1] = imm >> 8;
        break;
      case 137: // st32
        a = (r[d]! + off) | 0;
        guard(vm, pc, r, d, off, 4, true);
        storeUnaligned(u8, a, imm);
        break;
      case 138: // st64
        a = (r[d]! + off) | 0;
        guard(vm, pc, r, d, off, 8, true);
        storeUnaligned(u8, a, imm); storeUnaligned(u8, a + 4, imm >> 31);
        break;
      case 140: case 141: case 142: // ldabs8, ldabs16, ldabs32
        vm.pc = pc - 4;
        if (!loadPacket(vm, imm, 1 << ((word & 255) - 140))) pc = leave(vm, base);
        if (pc < 0) {
          vm.fuel += state[Loop.left]!;
          return;
        }
        break;
      case 143: case 144: case 145: // ldind8, ldind16, ldind32
        vm.pc = pc - 4;
        if (!loadPacket(vm, (r[s]! + imm) | 0, 1 << ((word & 255) - 143))) pc = leave(vm, base);
        if (pc < 0) {
          vm.fuel += state[Loop.left]!;
          return;
        }
        break;
      case PAST_END:
        vm.pc = pc - 4;
        throw vm.fault('end', 'ran past the last instruction');
      default: // 146 ... 165: the atomics
        low = word & 1 ? 8 : 4;
        a = (r[d]! + off) | 0;
        if (guarded) guard(vm, pc, r, d, off, low, true);
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
function enter(vm: Interpreter, pc: number): void {
  const { registers: r, saved, state } = vm;
  const depth = state[Loop.depth]!;
  if (depth >= MAX_FRAMES) throw vm.fault('call-depth', `more than ${MAX_FRAMES} frames`);
  const at = depth * SAVED;
  saved[at] = pc;
  saved[at + 1] = state[Loop.loops]!;
  for (let i = 0; i < 8; i++) saved[at + 2 + i] = r[12 + i]!;
  r[20] = r[20]! - FRAME_SIZE;
  state[Loop.depth] = depth + 1;
  state[Loop.loops] = MAX_LOOPS;
}

/** Ends the function that runs: the caller's place, or -1 when it is the one that was run. */
function leave(vm: Interpreter, base: number): number {
  const { registers: r, saved, state } = vm;
  if (state[Loop.depth] === base) return -1;
  state[Loop.depth]!--;
  const at = state[Loop.depth]! * SAVED;
  state[Loop.loops] = saved[at + 1]!;
  for (let i = 0; i < 8; i++) r[12 + i] = saved[at + 2 + i]!;
  r[20] = r[20]! + FRAME_SIZE;
  return saved[at]!;
}

/** Runs another program in the place of the function that runs; false when it goes on instead. */
function callTail(vm: Interpreter): boolean {
  const { machine, program, memory, state } = vm;
  memory.i32[RunState.pc >> 2] = vm.pc >> 2;
  const target = tailTarget(machine);
  if (target === undefined) return false;
  startTail(machine, target);
  vm.program = target;
  execute(vm, 0);
  vm.program = program;
  memory.i32[RunState.program >> 2] = program.slot;
  state[Loop.left] = 0;
  return true;
}

function callHelper(vm: Interpreter, kind: number, id: number): void {
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
