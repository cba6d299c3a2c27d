/** A program of any length as compilers write them: computation, stack, forward branches. */
import * as build from '../../bpf/build/index.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import type { BpfObject } from '../../bpf/object.ts';

const { r0, r1, r2, r6, r7, r10 } = build;

/** The same seed gives the same program. */
export function branchyProgram(length: number, seed: number): readonly Instruction[] {
  const body: Instruction[] = [
    build.mov64(r0, seed),
    build.lddw(r6, 0x1234_5678_9abc_def1n),
    build.mov64(r7, 3),
    build.stx64(r10, -8, r6),
  ];
  let state = seed;
  for (let round = 0; body.length < length - 20; round++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    const constant = (state >>> 16) & 0x7fff;
    body.push(
      build.add64(r0, constant),
      build.xor64(r0, r6),
      build.mov64(r1, r0),
      build.rsh64(r1, (constant & 31) + 1),
      build.jset(r1, 4, 3),
      build.ldx64(r2, r10, -8),
      build.add64(r2, r1),
      build.stx64(r10, -8, r2),
      build.mul64(r6, r0),
      build.jgt(r1, constant, 1),
      build.sub64(r0, r7),
    );
    if (round % 8 === 0)
      body.push(build.add64(r7, -1), build.mov64(r1, r7), build.jgt(r1, 0x1000, 1), build.mov64(r7, 3));
  }
  while (body.length < length - 1) body.push(build.add64(r0, 1));
  body.push(build.exit());
  return body;
}

export function objectOf(instructions: readonly Instruction[]): BpfObject {
  return {
    name: 'load',
    endian: 'little',
    license: 'GPL',
    programs: [{ name: 'main', type: 'raw_tracepoint', section: 'raw_tp/x', attach: [], instructions }],
    functions: [],
    maps: [],
    data: new Map(),
    sources: [],
  };
}
