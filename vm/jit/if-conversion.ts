/**
 * Short detours without branches: where a condition only decides about a few computations, they are done in any case and
 * `select` takes their results or what was there before. What would be a mispredicted branch costs a few operations.
 *
 *     if c goto T          one arm: N is skipped, or done before T
 *     N; T:
 *
 *     if c goto T          two arms: N or T, then J
 *     N; goto J; T; J:
 */
import type { Instruction } from '../../bpf/instruction.ts';
import { opcodeOf } from '../../bpf/opcodes.ts';
import type { Program } from '../program.ts';
import { type FlowGraph, NO_BLOCK } from './flow-graph.ts';

/** Computations of one arm; more cost more than a branch that is told right. */
const MOST = 4;

/** What a block does behind its condition: the first and last instruction of each arm, empty where both are alike. */
export interface Arms {
  /** Done when the condition does not hold. */
  readonly through: readonly [start: number, end: number];
  /** Done when it holds. */
  readonly taken: readonly [start: number, end: number];
}

export interface ConvertedGraph extends FlowGraph {
  /** By block. */
  readonly arms: ReadonlyMap<number, Arms>;
}

export function ifConverted(program: Program, graph: FlowGraph): ConvertedGraph {
  const conversion = new Conversion(program.instructions, graph);
  for (let block = 0; block < graph.next.length; block++) conversion.convert(block);
  return { starts: graph.starts, next: conversion.next, taken: conversion.taken, arms: conversion.arms };
}

class Conversion {
  readonly next: Int32Array;
  readonly taken: Int32Array;
  readonly arms = new Map<number, Arms>();
  readonly #instructions: readonly Instruction[];
  readonly #starts: Int32Array;
  /** Ways that lead to a block. */
  readonly #ways: Int32Array;

  constructor(instructions: readonly Instruction[], { starts, next, taken }: FlowGraph) {
    this.#instructions = instructions;
    this.#starts = starts;
    this.next = next.slice();
    this.taken = taken.slice();
    this.#ways = new Int32Array(next.length);
    for (const ways of [next, taken]) for (const block of ways) if (block !== NO_BLOCK) this.#ways[block]!++;
  }

  convert(block: number): void {
    const next = this.next[block]!;
    const taken = this.taken[block]!;
    if (taken === NO_BLOCK || taken === next || !this.#isComparison(block)) return;
    const through = this.#arm(next);
    const then = this.#arm(taken);
    if (through !== undefined && this.next[next] === taken) {
      this.#join(block, taken, { through, taken: [0, 0] });
    } else if (then !== undefined && this.next[taken] === next) {
      this.#join(block, next, { through: [0, 0], taken: then });
    } else if (through !== undefined && then !== undefined && this.next[next] === this.next[taken]) {
      this.#join(block, this.next[next]!, { through, taken: then });
    }
  }

  #join(block: number, join: number, arms: Arms): void {
    this.next[block] = join;
    this.taken[block] = NO_BLOCK;
    this.arms.set(block, arms);
  }

  #isComparison(block: number): boolean {
    const { form } = opcodeOf(this.#instructions[this.#starts[block + 1]! - 1]!.op);
    return form === 'jmp_k' || form === 'jmp_x';
  }

  /** The computations of a block that has nothing else, that only one way leads to, and that goes on to one block. */
  #arm(block: number): Arms['taken'] | undefined {
    if (this.#ways[block] !== 1 || this.taken[block] !== NO_BLOCK || this.arms.has(block)) return undefined;
    const start = this.#starts[block]!;
    let end = this.#starts[block + 1]!;
    if (isJump(this.#instructions[end - 1]!)) end--;
    if (end - start > MOST || this.next[block] === NO_BLOCK) return undefined;
    for (let index = start; index < end; index++) if (!isCheap(this.#instructions[index]!)) return undefined;
    return [start, end];
  }
}

function isJump({ op }: Instruction): boolean {
  const { form } = opcodeOf(op);
  return form === 'ja' || form === 'ja32';
}

const DIVISIONS = new Set(['div', 'mod', 'sdiv', 'smod']);

/** It computes a register from registers, and nothing can go wrong. */
function isCheap({ op }: Instruction): boolean {
  const { form, operation } = opcodeOf(op);
  switch (form) {
    case 'alu_k':
    case 'alu_x':
      return !DIVISIONS.has(operation);
    case 'neg':
    case 'movsx':
    case 'end':
    case 'lddw':
      return true;
    default:
      return false;
  }
}
