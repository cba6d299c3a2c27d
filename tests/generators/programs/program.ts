/**
 * Random plausible programs: the same seed gives the same program. What a careful author would write, with mistakes at a
 * rate drawn for each program, so that a kernel accepts about half of them.
 */
import { type Case, ProgramFlags } from '../../../verifier/case/case.ts';
import { Body, CONTEXT } from './body.ts';
import { damage } from './damage.ts';
import { Dice } from './dice.ts';
import { Emitter } from './emitter.ts';
import { KIND_DRAW, type ProgramKind } from './kinds.ts';
import { caseMaps } from './maps.ts';
import type { KernelOffsets } from './offsets.ts';
import { type CallbackSignature, type PendingFunction, Plan } from './plan.ts';
import { enter } from './statements/call.ts';
import { writeBlock } from './statements/index.ts';
import { type ProgramTypes, programTypes, type Signature } from './types.ts';

export interface Generated {
  readonly case: Case;
  /** Names of statements and other traits it has. */
  readonly features: ReadonlySet<string>;
  readonly mistakes: number;
}

const LDDW = 0x18;
const CALL = 0x85;

/** Most mistakes at a decision. */
const WORST = 0.05;
/** Share of programs without any. */
const CAREFUL = 0.4;

const ONE_OR_NONE: readonly [number, number] = [0, 1];

/** Makes programs for one kernel's types. */
export class ProgramGenerator {
  readonly #types: ProgramTypes = programTypes();
  readonly #maps = caseMaps(this.#types);
  readonly #offsets: KernelOffsets;

  constructor(offsets: KernelOffsets) {
    this.#offsets = offsets;
  }

  generate(seed: number): Generated {
    const dice = new Dice(seed, (one) => (one.chance(CAREFUL) ? 0 : (one.below(1000) / 1000) * WORST));
    const kind = dice.of(KIND_DRAW);
    const plan = new Plan({
      dice,
      out: new Emitter(),
      kind,
      types: this.#types,
      maps: this.#maps,
      offsets: this.#offsets,
      budget: dice.between(3, 14) + dice.below(14),
      block: writeBlock,
    });
    writeMain(plan);
    while (plan.pending.length > 0) writeFunction(plan, plan.pending.shift()!);
    return { case: this.#case(seed, plan), features: plan.features, mistakes: dice.mistakes };
  }

  #case(seed: number, plan: Plan): Case {
    const { dice, kind, out } = plan;
    const insns = out.finish().slice();
    if (dice.mistakes > 0 && dice.chance(0.06)) damage(insns, dice);
    const wide = ({ slot }: { readonly slot: number }): boolean => insns[slot * 8] === LDDW;
    const info = functionInfo(plan);
    return {
      id: `random/${seed}`,
      programType: kind.type,
      ...(kind.attachType !== undefined && { attachType: kind.attachType }),
      ...(kind.attachBtf !== undefined && { attachBtf: kind.attachBtf }),
      flags: kind.sleepable === true ? ProgramFlags.SLEEPABLE : 0,
      license: dice.wrong() && dice.chance(0.3) ? 'Proprietary' : 'GPL',
      insns,
      maps: plan.maps,
      // Damage may have left nothing to fill in.
      mapUses: out.mapUses.filter(wide),
      kfuncs: out.kfuncs.filter(({ slot }) => insns[slot * 8] === CALL),
      ksyms: out.ksyms.filter(wide),
      btf: this.#types.bytes,
      functionInfo: info,
      runs: [],
    };
  }
}

function functionInfo(plan: Plan): Uint8Array {
  const words = new Uint32Array((plan.written.length + 1) * 2);
  words[1] = plan.types.main;
  for (const [i, { label, type }] of plan.written.entries()) {
    words[2 + i * 2] = plan.out.slotOf(label);
    words[3 + i * 2] = type;
  }
  return new Uint8Array(words.buffer);
}

function writeMain(plan: Plan): void {
  const { dice, kind } = plan;
  const contextHome = dice.of(['r6', 'stack', 'r6'] as const);
  const slots = dice.wrong() ? 64 : dice.between(12, 40);
  const body = new Body(plan, { slots, depth: 0, contextHome, returns: kind.returns });
  if (contextHome === 'r6') body.op('mov64_x', 6, 1);
  else body.op('stx64', 10, 1, -8);
  if (contextHome === 'r6') body.set(6, CONTEXT);
  body.set(1, CONTEXT);
  // Registers hold something from the start more often than not.
  for (const register of [7, 8, 9]) if (dice.chance(0.5)) body.movK(register, dice.below(100));
  finish(body, Math.ceil(plan.budget * 0.7), kind);
}

function finish(body: Body, statements: number, kind: ProgramKind): void {
  writeBlock(body, statements);
  if (body.dice.wrong() && body.dice.chance(0.1)) return;
  if (kind.type === 'cgroup_skb' || body.returns[1] - body.returns[0] > 1000) body.returnValue();
  else body.returnValue();
  body.op('exit');
}

function writeFunction(plan: Plan, pending: PendingFunction): void {
  const { dice } = plan;
  const { signature, role, slots, depth } = pending;
  plan.budget = Math.max(plan.budget, 2);
  const contextHome = signature === 'context' ? 'r6' : 'none';
  const returns =
    role === 'callback' ? callbackReturns(signature as CallbackSignature) : ([-5, 1200] as const);
  const body = new Body(plan, { slots, depth, contextHome, returns });
  plan.out.place(pending.label);
  plan.written.push({ label: pending.label, type: functionType(plan, pending) });
  enter(body, pending);
  if (contextHome === 'r6') {
    body.op('mov64_x', 6, 1);
    body.set(6, CONTEXT);
  }
  writeBlock(body, dice.between(1, 4));
  if (body.bail !== undefined) body.arrive(body.bail);
  body.returnValue();
  body.op('exit');
}

function callbackReturns(signature: CallbackSignature): readonly [number, number] {
  return signature === 'timer' || signature === 'work' ? [0, 0] : ONE_OR_NONE;
}

function functionType(plan: Plan, { role, signature }: PendingFunction): number {
  const { types, written } = plan;
  const index = written.length;
  if (role === 'global') return types.globals[signature as Signature][index % types.statics.length]!;
  return types.statics[index % types.statics.length]!;
}
