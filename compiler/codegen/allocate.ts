/** Register allocation: colour; where colours run out, spill and colour again. */

import { dominators, graphOf, loopDepths } from '../ir/cfg.ts';
import type { BlockId } from '../ir/ir.ts';
import { colour } from './colour.ts';
import { interference } from './interference.ts';
import {
  type MachineFunction,
  type MachineInstruction,
  type MachineRegister,
  mapRegisters,
  mapTest,
  targetsOf,
} from './machine.ts';
import { spill, spillWeights } from './spill.ts';

/** Rounds end by themselves: what a round spills is replaced by registers that live for one instruction. */
const MAX_ROUNDS = 60;

/** The function over r0-r10 only, without copies from a register to itself. */
export function allocate(fn: MachineFunction): MachineFunction {
  const depths = depthsOf(fn);
  const unspillable = new Set<MachineRegister>();
  let current = fn;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const weights = spillWeights(current, depths, unspillable);
    const graph = interference(current, weights, depths);
    const result =
      graph.surplus.size > 0
        ? { kind: 'spilled' as const, representative: new Map([...graph.surplus].map((one) => [one, one])) }
        : colour(graph, weights);
    if (result.kind === 'coloured') return assign(current, result.colours);
    const { fn: next, firstTemporary } = spill(current, result.representative);
    for (let one = firstTemporary; one < next.registerCount; one += 1) unspillable.add(one);
    current = next;
  }
  throw new Error(`no registers for ${fn.name} after ${MAX_ROUNDS} rounds`);
}

function depthsOf(fn: MachineFunction): number[] {
  const graph = graphOf(fn.blocks.map((block) => [...new Set(targetsOf(block.terminator))] as BlockId[]));
  return loopDepths(graph, dominators(graph));
}

function assign(fn: MachineFunction, colours: readonly MachineRegister[]): MachineFunction {
  const map = (register: MachineRegister): MachineRegister => colours[register] ?? register;
  const blocks = fn.blocks.map(({ instructions, terminator }) => {
    const mapped: MachineInstruction[] = [];
    for (const instruction of instructions) {
      const one = mapRegisters(instruction, map);
      if (one.kind !== 'move' || one.dst !== one.src) mapped.push(one);
    }
    if (terminator.kind !== 'branch') return { instructions: mapped, terminator };
    return { instructions: mapped, terminator: { ...terminator, test: mapTest(terminator.test, map) } };
  });
  return { ...fn, blocks, registerCount: 11 };
}
