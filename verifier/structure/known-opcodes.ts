/** Which instructions a release has, by their first byte (`bpf_opcode_in_insntable`). */
import { OPCODES } from '../../bpf/opcodes.ts';
import type { Environment } from '../environment.ts';

const GOTOL = 0x06;

/** By first byte. */
export function knownOpcodes(env: Environment): readonly boolean[] {
  const known = new Array<boolean>(256).fill(false);
  for (const { opcode, since } of OPCODES) {
    if (since !== null && env.atLeast(since)) known[opcode] = true;
  }
  known[GOTOL] ||= hasLongJumps(env);
  return known;
}

/** `gotol`: since 6.6, and in the stable releases of 6.1. */
export function hasLongJumps(env: Environment): boolean {
  return env.supports('instruction_set_v4') || env.release === '6.1';
}
