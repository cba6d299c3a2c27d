/**
 * The interference graph: which registers are alive at once and so need different places, and which copies would
 * vanish if both ends shared one. Where more values live than could ever be kept, the cheapest are given up at once,
 * so that the graph stays of a size proportional to the code.
 */
import { liveness } from './liveness.ts';
import {
  effectsOf,
  FIRST_VIRTUAL,
  FRAME_POINTER,
  type MachineFunction,
  type MachineRegister,
  terminatorUses,
} from './machine.ts';

export interface Interference {
  /** Neighbours of each virtual register, real ones among them; real registers have no list. */
  readonly neighbours: readonly ReadonlySet<MachineRegister>[];
  /** Those in the deepest loops last: they are worth most. */
  readonly moves: readonly RegisterCopy[];
  /** Registers to spill before any colouring is tried. */
  readonly surplus: ReadonlySet<MachineRegister>;
}

interface RegisterCopy {
  readonly dst: MachineRegister;
  readonly src: MachineRegister;
  readonly depth: number;
}

/** More than this many values at once are thinned out before colouring. */
const CROWD = 40;

/** `weights[r]` is the cost of spilling `r`, infinite for those that must not be; `depths` counts loops around blocks. */
export function interference(
  fn: MachineFunction,
  weights: readonly number[],
  depths: readonly number[],
): Interference {
  const neighbours = Array.from({ length: fn.registerCount }, () => new Set<MachineRegister>());
  const moves: RegisterCopy[] = [];
  const surplus = new Set<MachineRegister>();
  const { liveOut } = liveness(fn);
  const connect = (one: MachineRegister, other: MachineRegister): void => {
    if (one === other) return;
    if (one >= FIRST_VIRTUAL) neighbours[one]!.add(other);
    if (other >= FIRST_VIRTUAL) neighbours[other]!.add(one);
  };
  fn.blocks.forEach((block, index) => {
    const live = new Set<MachineRegister>();
    const revive = (register: MachineRegister): void => {
      if (surplus.has(register)) return;
      live.add(register);
      if (live.size > CROWD) surplus.add(evict(live, weights));
    };
    liveOut[index]!.forEach(revive);
    terminatorUses(block.terminator).forEach(revive);
    for (let at = block.instructions.length - 1; at >= 0; at -= 1) {
      const instruction = block.instructions[at]!;
      const { uses, defs } = effectsOf(instruction);
      if (instruction.kind === 'move' && instruction.src !== FRAME_POINTER) {
        live.delete(instruction.src);
        moves.push({ dst: instruction.dst, src: instruction.src, depth: depths[index]! });
      }
      for (const def of defs) {
        for (const other of live) connect(def, other);
        for (const other of defs) connect(def, other);
      }
      for (const def of defs) live.delete(def);
      uses.forEach(revive);
    }
  });
  // Stable: within a depth, the copies that come first in the code are taken first.
  moves.reverse().sort((left, right) => left.depth - right.depth);
  return { neighbours, moves, surplus };
}

function evict(live: Set<MachineRegister>, weights: readonly number[]): MachineRegister {
  let worst = -1;
  for (const register of live) {
    if (register < FIRST_VIRTUAL) continue;
    if (worst === -1 || weights[register]! < weights[worst]!) worst = register;
  }
  live.delete(worst);
  return worst;
}
