/** What one generated program has beside its instructions: maps, functions, features. */
import type { CaseMap } from '../../../verifier/case/case.ts';
import type { Body } from './body.ts';
import type { Dice } from './dice.ts';
import type { Emitter, Label } from './emitter.ts';
import type { ProgramKind } from './kinds.ts';
import type { MapName } from './maps.ts';
import type { KernelOffsets } from './offsets.ts';
import type { ProgramTypes, Signature } from './types.ts';

/** A function that is called and yet to be written. */
export interface PendingFunction {
  readonly label: Label;
  readonly role: 'static' | 'global' | 'callback';
  readonly signature: Signature | 'pointer' | 'value' | CallbackSignature;
  readonly depth: number;
  /** Slots of eight bytes of stack it may use. */
  readonly slots: number;
  /** Bytes that r1 points to, for `memory`, `pointer` and `value`. */
  readonly size: number;
}

export type CallbackSignature = 'loop' | 'element' | 'timer' | 'vma' | 'record' | 'less' | 'work';

/** Writes statements at random into a function: what statements with bodies call. */
export type BlockWriter = (body: Body, statements: number) => void;

export class Plan {
  readonly dice: Dice;
  readonly out: Emitter;
  readonly kind: ProgramKind;
  readonly types: ProgramTypes;
  readonly offsets: KernelOffsets;
  readonly block: BlockWriter;
  readonly features: Set<string> = new Set();
  readonly maps: CaseMap[] = [];
  /** Statements that may still be written. */
  budget: number;
  /** Functions to be written after the one at hand. */
  readonly pending: PendingFunction[] = [];
  readonly written: { readonly label: Label; readonly type: number }[] = [];
  functions = 0;
  readonly #all: Readonly<Record<MapName, CaseMap>>;
  readonly #used = new Map<MapName, number>();

  constructor(options: {
    readonly dice: Dice;
    readonly out: Emitter;
    readonly kind: ProgramKind;
    readonly types: ProgramTypes;
    readonly offsets: KernelOffsets;
    readonly maps: Readonly<Record<MapName, CaseMap>>;
    readonly budget: number;
    readonly block: BlockWriter;
  }) {
    this.block = options.block;
    this.dice = options.dice;
    this.out = options.out;
    this.kind = options.kind;
    this.types = options.types;
    this.offsets = options.offsets;
    this.budget = options.budget;
    this.#all = options.maps;
  }

  /** Index of a map in the case. */
  map(name: MapName): number {
    const known = this.#used.get(name);
    if (known !== undefined) return known;
    this.maps.push(this.#all[name]);
    this.#used.set(name, this.maps.length - 1);
    return this.maps.length - 1;
  }

  spec(name: MapName): CaseMap {
    return this.#all[name];
  }
}
