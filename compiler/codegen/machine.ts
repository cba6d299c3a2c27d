/**
 * Machine code before registers are fixed: BPF instructions over numbered registers, 0-10 the real ones and above
 * them virtual ones, in blocks that follow the IR's. Virtual registers may be assigned several times.
 */

import type { CoreRelocation } from '../../bpf/core/relocation.ts';
import type { Reference } from '../../bpf/instruction.ts';
import type { OpName } from '../../bpf/opcodes.ts';
import { OPCODE_BY_NAME } from '../../bpf/opcodes.ts';
import type { Span } from '../../bpf/span.ts';

/** 0-10: r0-r10; from {@link FIRST_VIRTUAL} on: virtual. */
export type MachineRegister = number;

export const FRAME_POINTER: MachineRegister = 10;
export const FIRST_VIRTUAL: MachineRegister = 11;

/** Index into the frame's objects: the IR function's slots, then spill slots. */
export type FrameObject = number;

interface Common {
  readonly span?: Span | undefined;
  /** Frame objects reached through pointers in registers: by a load's base, by a call's arguments. */
  readonly touches?: readonly FrameObject[] | undefined;
}

/** Any instruction but moves between registers, calls and jumps. */
export interface Operation extends Common {
  readonly kind: 'op';
  readonly op: OpName;
  readonly dst: MachineRegister;
  readonly src: MachineRegister;
  readonly off: number;
  readonly imm: number;
  readonly immHigh?: number;
  readonly ref?: Reference;
  /** The object whose place in the frame is added: to `imm` of `add64_k`, else to `off`. */
  readonly frame?: FrameObject;
  /** What the immediate or offset is in the target's types. */
  readonly core?: CoreRelocation;
}

export type MachineInstruction =
  | Operation
  | (Common & { readonly kind: 'move'; readonly dst: MachineRegister; readonly src: MachineRegister })
  /** Uses r1...r`args`, gives r0, destroys r0-r5. */
  | (Common & {
      readonly kind: 'call';
      readonly imm: number;
      readonly function?: string;
      readonly args: number;
    })
  /** `if (left op right) keep dst, else dst = 0`; dst holds 1 before. */
  | (Common & { readonly kind: 'choose'; readonly dst: MachineRegister; readonly test: Test });

/** A conditional jump's condition. */
export interface Test {
  /** Operation of the opcode table without operand kind: `jeq`, `jsgt32`, ... */
  readonly jump: JumpName;
  readonly left: MachineRegister;
  readonly right: { readonly register: MachineRegister } | { readonly imm: number };
}

type JumpOperation =
  | 'jeq'
  | 'jne'
  | 'jgt'
  | 'jge'
  | 'jlt'
  | 'jle'
  | 'jset'
  | 'jsgt'
  | 'jsge'
  | 'jslt'
  | 'jsle';
export type JumpName = JumpOperation | `${JumpOperation}32`;

export type MachineTerminator =
  | (Common & { readonly kind: 'jump'; readonly target: number })
  | (Common & {
      readonly kind: 'branch';
      readonly test: Test;
      readonly then: number;
      readonly otherwise: number;
      readonly unlikely?: 'then' | 'otherwise' | undefined;
    })
  | (Common & { readonly kind: 'exit' });

export interface MachineBlock {
  readonly instructions: readonly MachineInstruction[];
  readonly terminator: MachineTerminator;
}

export interface FrameObjectInfo {
  readonly name: string;
  readonly size: number;
  readonly align: number;
  /** Its address is kept in memory: it shares its bytes with nothing. */
  readonly escapes: boolean;
}

export interface MachineFunction {
  readonly name: string;
  /** In an order where every edge that goes backwards closes a loop; the entry is first. */
  readonly blocks: readonly MachineBlock[];
  /** Registers in use: all are below this. */
  readonly registerCount: number;
  readonly frame: readonly FrameObjectInfo[];
}

export interface Effects {
  readonly uses: readonly MachineRegister[];
  readonly defs: readonly MachineRegister[];
}

const NONE: readonly MachineRegister[] = [];
const CLOBBERED: readonly MachineRegister[] = [0, 1, 2, 3, 4, 5];

/** Registers read and written; r10 is not told. */
export function effectsOf(instruction: MachineInstruction): Effects {
  switch (instruction.kind) {
    case 'move':
      return { uses: visible(instruction.src), defs: [instruction.dst] };
    case 'call':
      return { uses: CLOBBERED.slice(1, instruction.args + 1), defs: CLOBBERED };
    case 'choose':
      return { uses: [instruction.dst, ...testUses(instruction.test)], defs: [instruction.dst] };
    case 'op':
      return operationEffects(instruction);
  }
}

function operationEffects({ op, dst, src }: Operation): Effects {
  const { form, operation } = OPCODE_BY_NAME[op];
  switch (form) {
    case 'alu_k':
      return { uses: operation === 'mov' ? NONE : [dst], defs: [dst] };
    case 'alu_x':
      if (operation === 'mov') return { uses: visible(src), defs: [dst] };
      return { uses: src === dst ? [dst] : [dst, ...visible(src)], defs: [dst] };
    case 'neg':
    case 'end':
      return { uses: [dst], defs: [dst] };
    case 'movsx':
    case 'ldx':
    case 'ldsx':
      return { uses: visible(src), defs: [dst] };
    case 'lddw':
      return { uses: NONE, defs: [dst] };
    case 'st':
      return { uses: visible(dst), defs: NONE };
    case 'stx':
    case 'atomic':
      return { uses: [...visible(dst), ...(src === dst ? [] : visible(src))], defs: NONE };
    default:
      throw new Error(`code generation does not use ${op}`);
  }
}

export function testUses(test: Test): readonly MachineRegister[] {
  if ('imm' in test.right || test.right.register === test.left) return [test.left];
  return [test.left, test.right.register];
}

export function terminatorUses(terminator: MachineTerminator): readonly MachineRegister[] {
  switch (terminator.kind) {
    case 'jump':
      return NONE;
    case 'branch':
      return testUses(terminator.test);
    case 'exit':
      return [0];
  }
}

export function targetsOf(terminator: MachineTerminator): readonly number[] {
  switch (terminator.kind) {
    case 'jump':
      return [terminator.target];
    case 'branch':
      return [terminator.then, terminator.otherwise];
    case 'exit':
      return NONE;
  }
}

type RegisterMap = (register: MachineRegister) => MachineRegister;

/** The instruction with its register fields mapped; pseudo values in `src` are kept. */
export function mapRegisters(instruction: MachineInstruction, map: RegisterMap): MachineInstruction {
  switch (instruction.kind) {
    case 'move':
      return { ...instruction, dst: map(instruction.dst), src: map(instruction.src) };
    case 'call':
      return instruction;
    case 'choose':
      return { ...instruction, dst: map(instruction.dst), test: mapTest(instruction.test, map) };
    case 'op': {
      const src = OPCODE_BY_NAME[instruction.op].form === 'lddw' ? instruction.src : map(instruction.src);
      return { ...instruction, dst: map(instruction.dst), src };
    }
  }
}

export function mapTest(test: Test, map: RegisterMap): Test {
  const right = 'imm' in test.right ? test.right : { register: map(test.right.register) };
  return { jump: test.jump, left: map(test.left), right };
}

function visible(register: MachineRegister): readonly MachineRegister[] {
  return register === FRAME_POINTER ? NONE : [register];
}
