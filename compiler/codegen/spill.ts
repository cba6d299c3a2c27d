/**
 * Moves registers that found no place into the frame: a load before each use, a store after each definition, through
 * fresh registers that live for one instruction. All 8 bytes go together, so that pointers keep their type for the verifier.
 */
import {
  effectsOf,
  FRAME_POINTER,
  type FrameObject,
  type FrameObjectInfo,
  type MachineBlock,
  type MachineFunction,
  type MachineInstruction,
  type MachineRegister,
  type MachineTerminator,
  mapRegisters,
  mapTest,
  type Operation,
  testUses,
} from './machine.ts';

export interface Spilling {
  readonly fn: MachineFunction;
  /** Registers from this number on were made here and must not be spilled again. */
  readonly firstTemporary: MachineRegister;
}

/** `representative` maps each spilled register to the one whose place it shares. */
export function spill(
  fn: MachineFunction,
  representative: ReadonlyMap<MachineRegister, MachineRegister>,
): Spilling {
  const rewriter = new Rewriter(fn, representative);
  const blocks = fn.blocks.map((block) => rewriter.block(block));
  const { registerCount, frame } = rewriter;
  return { fn: { ...fn, blocks, registerCount, frame }, firstTemporary: fn.registerCount };
}

/** A definition that can be repeated instead of stored and loaded: a constant or a wide address. */
function isRepeatable(instruction: MachineInstruction): instruction is Operation {
  if (instruction.kind !== 'op') return false;
  const { op } = instruction;
  return op === 'mov64_k' || op === 'mov32_k' || op === 'lddw';
}

class Rewriter {
  registerCount: number;
  readonly frame: FrameObjectInfo[];
  private readonly objects = new Map<MachineRegister, FrameObject>();
  private readonly recipes: ReadonlyMap<MachineRegister, Operation>;
  private readonly representative: ReadonlyMap<MachineRegister, MachineRegister>;
  private output: MachineInstruction[] = [];

  constructor(fn: MachineFunction, representative: ReadonlyMap<MachineRegister, MachineRegister>) {
    this.registerCount = fn.registerCount;
    this.frame = [...fn.frame];
    this.representative = representative;
    this.recipes = repeatable(fn, representative);
  }

  block(block: MachineBlock): MachineBlock {
    this.output = [];
    for (const instruction of block.instructions) this.instruction(instruction);
    const terminator = this.terminator(block.terminator);
    return { instructions: this.output, terminator };
  }

  private instruction(instruction: MachineInstruction): void {
    const { uses, defs } = effectsOf(instruction);
    const touched = [...uses, ...defs].filter((register) => this.representative.has(register));
    if (touched.length === 0) this.output.push(instruction);
    else if (instruction.kind === 'move') this.copy(instruction);
    else this.rewrite(instruction, uses, defs);
  }

  private copy(move: Extract<MachineInstruction, { kind: 'move' }>): void {
    const { dst, src, span } = move;
    if (!this.representative.has(dst)) {
      this.load(dst, src, span);
      return;
    }
    if (this.recipes.has(dst)) return;
    if (!this.representative.has(src)) {
      this.store(dst, src, span);
      return;
    }
    if (!this.recipes.has(src) && this.objectOf(dst) === this.objectOf(src)) return;
    const temporary = this.registerCount++;
    this.load(temporary, src, span);
    this.store(dst, temporary, span);
  }

  private rewrite(
    instruction: MachineInstruction,
    uses: readonly MachineRegister[],
    defs: readonly MachineRegister[],
  ): void {
    const spilledDef = defs.find((register) => this.representative.has(register));
    if (spilledDef !== undefined && this.recipes.has(spilledDef)) return;
    if (
      spilledDef !== undefined &&
      instruction.kind === 'op' &&
      instruction.op === 'mov64_k' &&
      instruction.core === undefined
    ) {
      const { imm, span } = instruction;
      const frame = this.objectOf(spilledDef);
      this.output.push({ kind: 'op', op: 'st64', dst: FRAME_POINTER, src: 0, off: 0, imm, frame, span });
      return;
    }
    const temporaries = new Map<MachineRegister, MachineRegister>();
    for (const register of [...uses, ...defs]) {
      if (this.representative.has(register) && !temporaries.has(register)) {
        temporaries.set(register, this.registerCount++);
      }
    }
    for (const register of new Set(uses)) {
      const temporary = temporaries.get(register);
      if (temporary !== undefined) this.load(temporary, register, instruction.span);
    }
    this.output.push(mapRegisters(instruction, (register) => temporaries.get(register) ?? register));
    if (spilledDef !== undefined) this.store(spilledDef, temporaries.get(spilledDef)!, instruction.span);
  }

  private terminator(terminator: MachineTerminator): MachineTerminator {
    if (terminator.kind !== 'branch') return terminator;
    const temporaries = new Map<MachineRegister, MachineRegister>();
    for (const register of testUses(terminator.test)) {
      if (!this.representative.has(register)) continue;
      const temporary = this.registerCount++;
      temporaries.set(register, temporary);
      this.load(temporary, register, terminator.span);
    }
    if (temporaries.size === 0) return terminator;
    return {
      ...terminator,
      test: mapTest(terminator.test, (register) => temporaries.get(register) ?? register),
    };
  }

  private load(dst: MachineRegister, spilled: MachineRegister, span: MachineInstruction['span']): void {
    const recipe = this.recipes.get(spilled);
    if (recipe !== undefined) {
      this.output.push({ ...recipe, dst, span });
      return;
    }
    const frame = this.objectOf(spilled);
    this.output.push({ kind: 'op', op: 'ldx64', dst, src: FRAME_POINTER, off: 0, imm: 0, frame, span });
  }

  private store(spilled: MachineRegister, src: MachineRegister, span: MachineInstruction['span']): void {
    const frame = this.objectOf(spilled);
    this.output.push({ kind: 'op', op: 'stx64', dst: FRAME_POINTER, src, off: 0, imm: 0, frame, span });
  }

  private objectOf(register: MachineRegister): FrameObject {
    const root = this.representative.get(register)!;
    const known = this.objects.get(root);
    if (known !== undefined) return known;
    this.frame.push({ name: '', size: 8, align: 8, escapes: false });
    this.objects.set(root, this.frame.length - 1);
    return this.frame.length - 1;
  }
}

function repeatable(
  fn: MachineFunction,
  representative: ReadonlyMap<MachineRegister, MachineRegister>,
): ReadonlyMap<MachineRegister, Operation> {
  const found = new Map<MachineRegister, Operation>();
  const several = new Set<MachineRegister>();
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      for (const register of effectsOf(instruction).defs) {
        if (!representative.has(register)) continue;
        const first = !several.has(register);
        several.add(register);
        if (first && isRepeatable(instruction)) found.set(register, instruction);
        else found.delete(register);
      }
    }
  }
  return found;
}

/** What spilling each register would cost: its uses and definitions, each loop around one counting tenfold. */
export function spillWeights(
  fn: MachineFunction,
  depths: readonly number[],
  unspillable: ReadonlySet<MachineRegister>,
): number[] {
  const weights = Array.from({ length: fn.registerCount }, () => 0);
  fn.blocks.forEach((block, index) => {
    const factor = 10 ** Math.min(depths[index]!, 8);
    for (const instruction of block.instructions) {
      const { uses, defs } = effectsOf(instruction);
      // A copy from or to the frame costs what the copy would have cost.
      const cost = instruction.kind === 'move' ? factor * 0.5 : factor;
      for (const register of uses) weights[register]! += cost;
      for (const register of defs) weights[register]! += cost;
    }
    if (block.terminator.kind !== 'branch') return;
    for (const register of testUses(block.terminator.test)) weights[register]! += factor;
  });
  for (const register of unspillable) weights[register] = Number.POSITIVE_INFINITY;
  return weights;
}
