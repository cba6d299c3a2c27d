/**
 * Random bytes and damaged programs: the verifier answers with a report, whatever it is given, in bounded time and memory.
 */
import { PROGRAM_TYPES } from '../../bpf/programs.ts';
import type { Case } from '../../verifier/case/case.ts';
import { verifyCase } from '../../verifier/case/verify-case.ts';
import { Dice } from '../generators/programs/dice.ts';
import { machineTypes } from '../generators/programs/kernel-types.ts';
import { kernelOffsets } from '../generators/programs/offsets.ts';
import { ProgramGenerator } from '../generators/programs/program.ts';
import { mutate, seededRandom } from './bytes.ts';

/** A program that makes the verifier walk a million instructions takes seconds. */
const MILLISECONDS = 30_000;
/** Programs that are walked for longer are not logged. */
const LOGGED = 20_000;
const MEMORY: number = 400 * 2 ** 20;

export function verifierBytesTarget(): (runs: number, seed: number) => { readonly slowest: number } {
  const types = machineTypes();
  const generator = new ProgramGenerator(kernelOffsets(types));
  const kernel = { release: '6.18', btf: types } as const;
  return (runs, seed) => {
    const dice = new Dice(seed);
    const random = seededRandom(seed);
    let slowest = 0;
    for (let i = 0; i < runs; i++) {
      const one = damaged(generator, dice, random, seed * 1_000_000 + i);
      const what = `seed ${seed}, run ${i}: ${one.programType} ${one.insns.toHex()}`;
      const before = process.memoryUsage().heapUsed;
      const from = performance.now();
      try {
        const options = { kernel, privileged: dice.below(4) > 0 };
        const { processed = 0 } = verifyCase(one, options);
        // Every instruction is a line of the log.
        if (processed < LOGGED) verifyCase(one, { ...options, logLevel: dice.below(3) });
      } catch (error) {
        throw new Error(`${what}: ${error}`, { cause: error });
      }
      const milliseconds = performance.now() - from;
      const grown = process.memoryUsage().heapUsed - before;
      slowest = Math.max(slowest, milliseconds);
      if (milliseconds > MILLISECONDS) throw new Error(`${what}: took ${milliseconds} ms`);
      if (grown > MEMORY) throw new Error(`${what}: memory grew by ${grown} bytes`);
    }
    return { slowest };
  };
}

/** Noise, noise that looks like instructions, or a generated program with damage. */
function damaged(generator: ProgramGenerator, dice: Dice, random: () => number, seed: number): Case {
  const { case: whole } = generator.generate(seed);
  switch (dice.below(4)) {
    case 0:
      return { ...bare(dice, noise(dice, 8 * dice.below(40))) };
    case 1:
      return { ...bare(dice, plausible(dice, 1 + dice.below(60))) };
    default: {
      const { bytes } = mutate(whole.insns, random);
      const insns = bytes.subarray(0, bytes.length & ~7);
      const within = ({ slot }: { readonly slot: number }): boolean => slot < insns.length / 8;
      const info = whole.functionInfo;
      return {
        ...whole,
        insns,
        mapUses: whole.mapUses.filter(within),
        kfuncs: whole.kfuncs.filter(within),
        ksyms: whole.ksyms.filter(within),
        ...(info !== undefined && dice.below(3) === 0 && { functionInfo: mutate(info, random).bytes }),
      };
    }
  }
}

function bare(dice: Dice, insns: Uint8Array): Case {
  return {
    id: 'noise',
    programType: dice.of(PROGRAM_TYPES).name,
    flags: dice.below(8) === 0 ? dice.word() : 0,
    license: 'GPL',
    insns,
    maps: [],
    mapUses: [],
    kfuncs: [],
    ksyms: [],
    runs: [],
  };
}

function noise(dice: Dice, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => dice.below(256));
}

/** Small registers, short jumps, small numbers; most opcodes exist. */
function plausible(dice: Dice, slots: number): Uint8Array {
  const insns = new Uint8Array((slots + 1) * 8);
  const view = new DataView(insns.buffer);
  for (let i = 0; i < slots; i++) {
    insns[i * 8] = dice.of(OPCODE_BYTES);
    insns[i * 8 + 1] = dice.below(11) | (dice.below(11) << 4);
    view.setInt16(i * 8 + 2, dice.below(4) === 0 ? 8 * (dice.below(40) - 30) : dice.below(12) - 4, true);
    view.setInt32(i * 8 + 4, dice.below(3) === 0 ? dice.word() | 0 : dice.below(220), true);
  }
  insns[slots * 8] = 0x95;
  return insns;
}

const OPCODE_BYTES: readonly number[] = [
  0x07, 0x0f, 0x17, 0x1f, 0x27, 0x2f, 0x37, 0x3f, 0x47, 0x4f, 0x57, 0x5f, 0x67, 0x6f, 0x77, 0x7f, 0x87, 0x97,
  0x9f, 0xa7, 0xaf, 0xb7, 0xbf, 0xc7, 0xcf, 0xd7, 0xd4, 0xdc, 0x04, 0x0c, 0xb4, 0xbc, 0x54, 0x5c, 0x61, 0x69,
  0x71, 0x79, 0x81, 0x89, 0x91, 0x62, 0x6a, 0x72, 0x7a, 0x63, 0x6b, 0x73, 0x7b, 0xc3, 0xdb, 0x05, 0x06, 0x15,
  0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d, 0x55, 0x5d, 0x65, 0x6d, 0x75, 0x7d, 0xa5, 0xad, 0xb5, 0xbd, 0xc5,
  0xcd, 0xd5, 0xdd, 0x16, 0x1e, 0x26, 0x56, 0x5e, 0x85, 0x85, 0x85, 0x95, 0x18, 0x20, 0x28, 0x30, 0x40, 0x48,
  0x50, 0xe5,
];
