import { describe, expect, test } from 'vitest';
import type { KernelRelease } from '../../../bpf/kernel-release.ts';
import type { ProgramTypeName } from '../../../bpf/programs.ts';
import { Environment } from '../../../verifier/environment.ts';
import type { VerifierInput, VerifierOptions } from '../../../verifier/input.ts';
import type { VerifierMap } from '../../../verifier/map.ts';
import { analyseStructure } from '../../../verifier/structure/structure.ts';
import { verify } from '../../../verifier/verify.ts';
import { goldenTests } from '../../golden.ts';

/** Words of a case: eight bytes a line as hexadecimal digits, what follows is a comment. */
function bytesOf(text: string): Uint8Array {
  const words = text.split('\n').flatMap((line) => /^[0-9a-f]{16}/.exec(line)?.[0] ?? []);
  return Uint8Array.from(
    words.flatMap((word) => word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)),
  );
}

const ARRAY: VerifierMap = { name: '', type: 'array', keySize: 4, valueSize: 64, maxEntries: 1, flags: 0 };
const HASH: VerifierMap = { ...ARRAY, type: 'hash' };

interface Options {
  readonly type?: ProgramTypeName;
  readonly attach?: string;
  readonly sleepable?: boolean;
  readonly flags?: number;
  readonly license?: string;
  readonly kernel?: KernelRelease;
  readonly privileged?: boolean;
  /** Slots of loads of an array (0) and a hash (1). */
  readonly maps?: Readonly<Record<string, number>>;
}

function inputOf(text: string, options: Options): VerifierInput {
  return {
    type: options.type ?? 'socket_filter',
    ...(options.attach === undefined ? {} : { attachType: options.attach }),
    sleepable: options.sleepable ?? false,
    flags: options.flags ?? 0,
    license: options.license ?? 'GPL',
    bytes: bytesOf(text),
    maps: [ARRAY, HASH],
    mapSlots: new Map(Object.entries(options.maps ?? {}).map(([slot, map]) => [Number(slot), map])),
  };
}

function optionsOf({ kernel = '6.18', privileged = true }: Options): VerifierOptions {
  return { kernel: { release: kernel }, privileged };
}

goldenTests('verifier/structure.txt', ({ input, options }) => {
  const wanted = options as Options;
  const { accepted, refusal } = verify(inputOf(input, wanted), optionsOf(wanted));
  if (accepted === true) return 'accepted';
  return `${refusal!.slot === undefined ? '' : `${refusal!.slot}: `}${refusal!.message}`;
});

/** Tables of the analysis as Linux prints them at level 2: `Live regs before insn`, with prune points (P) and loops. */
function tableOf(text: string): string {
  const env = new Environment(inputOf(text, {}), optionsOf({}));
  analyseStructure(env);
  return env.insns
    .map((_, slot) => {
      const aux = env.aux[slot]!;
      const live = Array.from({ length: 10 }, (_, register) =>
        (aux.liveRegisters & (1 << register)) === 0 ? '.' : String(register),
      ).join('');
      const marks = `${aux.prunePoint ? 'P' : ' '}${aux.jumpPoint ? 'J' : ' '}${aux.forceCheckpoint ? 'F' : ' '}`;
      return `${String(slot).padStart(2)} ${marks} ${aux.component} ${live}`;
    })
    .join('\n');
}

describe('analysis', () => {
  test('live registers, meeting points and loops of a counted loop', () => {
    const loop = `
b701000000000000 r1 = 0
0701000001000000 r1 += 1
a501feff0a000000 if r1 < 10 goto -2
b700000000000000 r0 = 0
9500000000000000 exit`;
    expect(tableOf(loop)).toBe(
      [
        ' 0     0 ..........',
        ' 1 PJ  1 .1........',
        ' 2 P   1 .1........',
        ' 3     0 ..........',
        ' 4     0 0.........',
      ].join('\n'),
    );
  });

  test('calls of functions meet, helpers read what they take', () => {
    const calls = `
8510000003000000 call +3
b701000000000000 r1 = 0
8500000005000000 call ktime_get_ns
9500000000000000 exit
b700000000000000 r0 = 0
9500000000000000 exit`;
    expect(tableOf(calls)).toBe(
      [
        ' 0 P   0 .12345....',
        ' 1 PJ  0 ..........',
        ' 2     0 ..........',
        ' 3 PJ  0 0.........',
        ' 4 PJ  0 ..........',
        ' 5     0 0.........',
      ].join('\n'),
    );
  });
});
