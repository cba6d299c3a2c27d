/**
 * Why a program was refused, for its author: the kernel's message, the reason with the numbers of this program, where the
 * offending value came from, and a change. The program is walked a second time with the path recorded.
 */
import type { VerifierInput, VerifierOptions } from '../input.ts';
import { type Insn, readProgram } from '../instruction.ts';
import { insnText } from '../log/insn-text.ts';
import type { Refusal } from '../report.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { verifyObserved } from '../verify.ts';
import { PathRecorder, type Step } from './path.ts';
import { reasonOf, registerNumber } from './reason.ts';
import { type Origin, Tracer } from './trace.ts';
import { type Hotspot, VisitCounter } from './visits.ts';
import { rangeWords, registerWords } from './words.ts';

/** A place in the program. */
export interface ExplainedPlace {
  readonly slot: number;
  /** The instruction as the kernel's logs print it. */
  readonly text: string;
  readonly source?: { readonly file: string; readonly line: number; readonly text: string };
}

export interface ExplainedOrigin extends Partial<ExplainedPlace> {
  /** What the step did to the value, in words. */
  readonly effect: string;
}

export interface Explanation {
  readonly code: string;
  /** The kernel's own lines. */
  readonly message: string;
  readonly at?: ExplainedPlace;
  readonly why: string;
  /** From the beginning to the instruction that failed. */
  readonly origins: readonly ExplainedOrigin[];
  readonly change: string;
  /** Of a program that is too complex: where the steps went. */
  readonly hotspots: readonly Hotspot[];
}

const FRAME_POINTER = 10;

/** Codes whose reason is where the steps went. */
const COMPLEX: ReadonlySet<string> = new Set(['VE0301', 'VE0302']);

/**
 * Undefined when the program is accepted.
 * @param lines where instructions come from, when the program itself goes without line info
 */
export function explainRefusal(
  input: VerifierInput,
  options: VerifierOptions = {},
  lines: VerifierInput['lines'] = input.lines,
): Explanation | undefined {
  const insns = readProgram(input.bytes);
  const visits = new VisitCounter(insns);
  const { refusal } = verifyObserved(input, options, [visits]);
  if (refusal === undefined) return undefined;
  const isComplex = COMPLEX.has(refusal.code);
  const path = new PathRecorder();
  // What a million steps did is no explanation: where they went is.
  if (!isComplex) verifyObserved(input, options, [path]);
  const places = new Places(input, insns, lines);
  const origins = originsOf(refusal, path.steps, insns);
  const traced = origins.map((origin) => places.origin(origin));
  const { why, change } = reasonOf(refusal, { last: path.steps.at(-1), origins, insns });
  return {
    code: refusal.code,
    message: refusal.message,
    ...(refusal.slot === undefined ? {} : { at: places.at(refusal.slot) }),
    why,
    origins: [...acquisitions(refusal.message, places), ...traced],
    change,
    hotspots: isComplex ? visits.hotspots() : [],
  };
}

function originsOf(refusal: Refusal, steps: readonly Step[], insns: readonly Insn[]): readonly Origin[] {
  const register = registerNumber(refusal.values.register);
  if (register === undefined || steps.length === 0 || refusal.slot === undefined) return [];
  return new Tracer(steps, insns).trace(register).toReversed();
}

/** Where what is still held was acquired: the kernel's lines name the instructions. */
function acquisitions(message: string, places: Places): ExplainedOrigin[] {
  return [...message.matchAll(/id=(\d+) (?:alloc_insn|acquired at insn_idx)=(\d+)/g)].map(([, id, slot]) => ({
    ...places.at(Number(slot)),
    effect: `what is held (reference ${id}) is acquired here`,
  }));
}

/** Slots as places of the program's text. */
class Places {
  readonly #input: VerifierInput;
  readonly #lines: VerifierInput['lines'];
  readonly #insns: readonly Insn[];

  constructor(input: VerifierInput, insns: readonly Insn[], lines: VerifierInput['lines']) {
    this.#input = input;
    this.#lines = lines;
    this.#insns = insns;
  }

  at(slot: number): ExplainedPlace {
    const insn = this.#insns[slot];
    const text =
      insn === undefined ? '' : insnText(insn, this.#insns[slot + 1], this.#input.kfuncSlots?.get(slot));
    const line = this.#lines?.findLast((one) => one.slot <= slot);
    if (line === undefined) return { slot, text };
    return { slot, text, source: { file: line.file, line: line.line, text: line.text.trim() } };
  }

  origin(origin: Origin): ExplainedOrigin {
    if (origin.kind === 'entry' && origin.register === FRAME_POINTER)
      return { effect: 'r10 is the end of the stack frame, which has the 512 bytes below it' };
    if (origin.kind === 'entry')
      return { effect: `r${origin.register} is ${registerWords(origin.after)} at the start` };
    return { ...this.at(origin.slot), effect: effectOf(origin) };
  }
}

function effectOf(origin: Exclude<Origin, { kind: 'entry' }>): string {
  const name = `r${origin.register}`;
  const after = registerWords(origin.after);
  switch (origin.kind) {
    case 'outside':
      return `${name} becomes ${after}`;
    case 'copied':
    case 'filled':
      return `${name} gets it: ${after}`;
    case 'spilled':
      return `${name} is saved on the stack: ${after}`;
    case 'lost':
      if (origin.after.kind === Kind.notInit)
        return `the call leaves nothing in ${name}, which held ${before(origin)}`;
      return `the call takes it back: ${name} held ${before(origin)}, and now is a number`;
    case 'stored':
      return `this store leaves no whole register where ${name} is loaded from`;
    case 'given':
      return `the function called back gets in ${name}: ${after}`;
    case 'narrowed':
      return `the branch narrows ${name} from ${change(origin.before, origin.after)}`;
    case 'made':
      if (origin.before === undefined) return `${name} becomes ${after}`;
      if (registerWords(origin.before) === after) return `${name} changes, and is still ${after}`;
      return `${name} goes from ${change(origin.before, origin.after)}`;
  }
}

function before(origin: Origin & { readonly kind: 'lost' }): string {
  return registerWords(origin.before);
}

/** Numbers by their ranges, everything else in full. */
function change(before: Register, after: Register): string {
  if (before.kind === after.kind && before.kind === Kind.scalar)
    return `${rangeWords(before.scalar)} to ${rangeWords(after.scalar)}`;
  return `${registerWords(before)} to ${registerWords(after)}`;
}
