/**
 * Registers and spilled registers of all frames that a call makes useless (`bpf_for_each_reg_in_vstate` with
 * `mark_reg_invalid`): to a privileged program they become any number, to another they can be read no more.
 */
import type { Environment } from '../environment.ts';
import { NOT_INIT, type Register, UNKNOWN_NUMBER } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { StackSlot } from '../state/slot.ts';

/** What a register that lost its object is. */
export function invalidRegister(env: Environment): Register {
  return env.privileged ? UNKNOWN_NUMBER : NOT_INIT;
}

/** Replaces every register and spilled register by what `change` gives, which is the same object where nothing changes. */
export function changeRegisters(env: Environment, change: (register: Register) => Register): void {
  for (const frame of env.state.frames) {
    const { registers, stack } = frame;
    for (let number = 0; number < 11; number++) {
      const register = registers[number]!;
      const changed = change(register);
      if (changed !== register) registers[number] = changed;
    }
    for (let spi = 0; spi < stack.length; spi++) {
      const slot = stack[spi]!;
      if (!slot.isSpill) continue;
      const changed = change(slot.spilled);
      if (changed !== slot.spilled) stack[spi] = new StackSlot(slot.bytes, changed);
    }
  }
}

/** Registers of which `test` is true are invalid from now on. */
export function invalidateRegisters(env: Environment, test: (register: Register) => boolean): void {
  const invalid = invalidRegister(env);
  changeRegisters(env, (register) => (test(register) ? invalid : register));
}

/** Packet data may have moved (`clear_all_pkt_pointers`): pointers into it, and slices of it, are lost. */
export function invalidatePackets(env: Environment): void {
  invalidateRegisters(env, pointsIntoPacket);
}

const PACKET_SLICE = Flag.dynptrSkb | Flag.dynptrXdp | Flag.dynptrSkbMeta;

function pointsIntoPacket(register: Register): boolean {
  switch (register.kind) {
    case Kind.packet:
    case Kind.packetMeta:
    case Kind.packetEnd:
      return true;
    case Kind.mem:
      return (register.flags & PACKET_SLICE) !== 0;
    default:
      return false;
  }
}

/** A lock was given back (`invalidate_non_owning_refs`): pointers that were good only under it are lost. */
export function invalidateNonOwning(env: Environment): void {
  invalidateRegisters(env, isNonOwning);
}

function isNonOwning(register: Register): boolean {
  return (register.flags & (Flag.alloc | Flag.nonOwning)) === (Flag.alloc | Flag.nonOwning);
}
