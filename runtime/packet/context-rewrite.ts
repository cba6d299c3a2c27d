/**
 * What the kernel's `convert_ctx_access` is for: accesses to the context that do not mean the bytes at their place. One
 * instruction becomes one other, so that jumps and places in messages stay; but for a queue that may be none, which is asked for first.
 */
import type { ContextName } from '../../bpf/contexts.ts';
import { slotIndexes } from '../../bpf/fields.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { linkProgram } from '../../bpf/link.ts';
import type { BpfFunction, BpfObject } from '../../bpf/object.ts';
import type { JudgedProgram } from './context-accesses.ts';
import { hiddenPointer } from './context-block.ts';
import { insertInstructions } from './insert-instructions.ts';

/** Fields of `__sk_buff` that have 16 bits in the kernel: a store keeps the low ones. */
const HALVES: ReadonlySet<number> = new Set([44 /* tc_index */, 72 /* tc_classid */]);
const QUEUE_MAPPING = 12;
/** NO_QUEUE_MAPPING: stores of this and more do nothing. */
const NO_QUEUE = 0xffff;

/** The object with its programs' accesses as the machine's context has them. All programs have the same context. */
export function rewriteContext(
  object: BpfObject,
  context: ContextName,
  judged: readonly Pick<JudgedProgram, 'program' | 'accesses'>[],
): BpfObject {
  const places = new Map<string, Set<number>>();
  for (const { program, accesses } of judged) addPlaces(program, object.functions, accesses, places);
  const rewrite = <Function extends BpfFunction>(one: Function): Function => {
    const own = places.get(one.name);
    if (own === undefined) return one;
    const instructions = one.instructions.map((each, index) =>
      own.has(index) ? rewriteAccess(each, context) : each,
    );
    return { ...one, instructions: insertInstructions(instructions, queueChecks(one, context, own)) };
  };
  return { ...object, programs: object.programs.map(rewrite), functions: object.functions.map(rewrite) };
}

/** Slots of a linked program as instructions of its functions. */
function addPlaces(
  program: BpfFunction,
  functions: readonly BpfFunction[],
  accesses: ReadonlySet<number>,
  places: Map<string, Set<number>>,
): void {
  const linked = linkProgram(program, functions);
  const slots = slotIndexes(linked.instructions);
  for (const { name, start, end } of linked.functions) {
    const own = places.get(name) ?? new Set<number>();
    places.set(name, own);
    for (let index = start; index < end; index++) if (accesses.has(slots[index]!)) own.add(index - start);
  }
}

function rewriteAccess(one: Instruction, context: ContextName): Instruction {
  const { op, off, imm } = one;
  if (op === 'ldx32') {
    const hidden = hiddenPointer(context, off);
    return hidden === undefined ? one : { ...one, op: 'ldx64', off: hidden };
  }
  if (context !== '__sk_buff') return one;
  if (off === QUEUE_MAPPING && op === 'st32') {
    return imm >= NO_QUEUE ? { ...one, op: 'ja', dst: 0, off: 0, imm: 0 } : { ...one, op: 'st16' };
  }
  if (off === QUEUE_MAPPING && op === 'stx32') return { ...one, op: 'stx16' };
  if (!HALVES.has(off)) return one;
  if (op === 'st32') return { ...one, op: 'st16' };
  return op === 'stx32' ? { ...one, op: 'stx16' } : one;
}

/** Before the store of a computed queue: `if rS >= 65535 goto +1`. */
function queueChecks(
  { instructions }: BpfFunction,
  context: ContextName,
  own: ReadonlySet<number>,
): ReadonlyMap<number, Instruction> {
  const checks = new Map<number, Instruction>();
  if (context !== '__sk_buff') return checks;
  for (const [index, { op, off, src, span }] of instructions.entries()) {
    if (op !== 'stx32' || off !== QUEUE_MAPPING || !own.has(index)) continue;
    const check = { op: 'jge_k', dst: src, src: 0, off: 1, imm: NO_QUEUE } as const;
    checks.set(index, span === undefined ? check : { ...check, span });
  }
  return checks;
}
