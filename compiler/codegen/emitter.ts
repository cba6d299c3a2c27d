/**
 * The desk at which selection works: the current list of machine instructions, fresh registers, and the values that
 * are cheaper to make again at each use than to keep (constants, frame and map addresses).
 */
import type { CoreRelocation } from '../../bpf/core/relocation.ts';
import type { Reference, Register } from '../../bpf/instruction.ts';
import type { OpName } from '../../bpf/opcodes.ts';
import type { Span } from '../../bpf/span.ts';
import type { IrFunction, Operand, Value } from '../ir/ir.ts';
import { isValue } from '../ir/operands.ts';
import { fitsSigned32, high32, low32 } from './immediates.ts';
import {
  FIRST_VIRTUAL,
  FRAME_POINTER,
  type FrameObject,
  type MachineInstruction,
  type MachineRegister,
} from './machine.ts';
import type { CodegenTarget } from './target.ts';

/** A value made anew wherever it is used. */
export type Recipe =
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'frame'; readonly object: FrameObject; readonly offset: number }
  | { readonly kind: 'wide'; readonly pseudo: Register; readonly ref: Reference };

/** Where a load or store goes: `register + offset`, plus the place of a frame object. */
export interface Address {
  readonly register: MachineRegister;
  readonly offset: number;
  readonly frame?: FrameObject;
}

export interface OperationParts {
  readonly dst?: MachineRegister;
  readonly src?: MachineRegister;
  readonly off?: number;
  readonly imm?: number;
  readonly immHigh?: number;
  readonly ref?: Reference;
  readonly frame?: FrameObject;
  readonly core?: CoreRelocation;
}

const INT16_MAX = 0x7fff;

export class Emitter {
  readonly target: CodegenTarget;
  instructions: MachineInstruction[] = [];
  span: Span | undefined = undefined;
  touches: readonly FrameObject[] | undefined = undefined;
  registerCount: number = FIRST_VIRTUAL;
  private readonly registers: Int32Array;
  private readonly recipes = new Map<Value, Recipe>();
  private readonly localBase: number;

  constructor(fn: IrFunction, target: CodegenTarget) {
    this.target = target;
    this.registers = new Int32Array(fn.values.length).fill(-1);
    this.localBase = this.registerCount;
    this.registerCount += fn.locals.length;
  }

  temporary(): MachineRegister {
    return this.registerCount++;
  }

  /** The register that holds a value. */
  registerOf(value: Value): MachineRegister {
    const known = this.registers[value]!;
    if (known !== -1) return known;
    const fresh = this.temporary();
    this.registers[value] = fresh;
    return fresh;
  }

  localRegister(local: number): MachineRegister {
    return this.localBase + local;
  }

  define(value: Value, recipe: Recipe): void {
    this.recipes.set(value, recipe);
  }

  recipeOf(operand: Operand): Recipe | undefined {
    return isValue(operand) ? this.recipes.get(operand) : { kind: 'constant', value: operand.constant };
  }

  /** The operand's constant, when it is one. */
  constantOf(operand: Operand): bigint | undefined {
    const recipe = this.recipeOf(operand);
    return recipe?.kind === 'constant' ? recipe.value : undefined;
  }

  push(instruction: MachineInstruction): void {
    this.instructions.push(instruction);
  }

  op(op: OpName, parts: OperationParts): void {
    const { dst = 0, src = 0, off = 0, imm = 0, ...rest } = parts;
    this.push({ kind: 'op', op, dst, src, off, imm, ...rest, span: this.span, touches: this.touches });
  }

  move(dst: MachineRegister, src: MachineRegister): void {
    if (dst !== src) this.push({ kind: 'move', dst, src, span: this.span });
  }

  /** A register that holds the operand; not to be written. */
  use(operand: Operand): MachineRegister {
    if (isValue(operand) && !this.recipes.has(operand)) return this.registerOf(operand);
    const fresh = this.temporary();
    this.into(fresh, operand);
    return fresh;
  }

  /** Puts the operand into `dst`. */
  into(dst: MachineRegister, operand: Operand): void {
    const recipe = this.recipeOf(operand);
    if (recipe === undefined) this.move(dst, this.registerOf(operand as Value));
    else this.cook(dst, recipe);
  }

  constant(dst: MachineRegister, value: bigint): void {
    if (fitsSigned32(value)) this.op('mov64_k', { dst, imm: Number(value) });
    // A 32-bit move clears the upper half.
    else if (value >= 0n && value <= 0xffff_ffffn) this.op('mov32_k', { dst, imm: low32(value) });
    else this.op('lddw', { dst, imm: low32(value), immHigh: high32(value) });
  }

  address(base: Value, offset: number): Address {
    const recipe = this.recipeOf(base);
    if (recipe?.kind === 'frame') {
      return { register: FRAME_POINTER, offset: recipe.offset + offset, frame: recipe.object };
    }
    const register = this.use(base);
    if (offset >= -INT16_MAX && offset <= INT16_MAX) return { register, offset };
    const moved = this.temporary();
    this.move(moved, register);
    this.op('add64_k', { dst: moved, imm: offset });
    return { register: moved, offset: 0 };
  }

  private cook(dst: MachineRegister, recipe: Recipe): void {
    switch (recipe.kind) {
      case 'constant':
        this.constant(dst, recipe.value);
        return;
      case 'frame':
        this.move(dst, FRAME_POINTER);
        this.op('add64_k', { dst, imm: recipe.offset, frame: recipe.object });
        return;
      case 'wide':
        this.op('lddw', { dst, src: recipe.pseudo, ref: recipe.ref, immHigh: 0 });
        return;
    }
  }
}
