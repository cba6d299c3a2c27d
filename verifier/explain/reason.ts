/** A rejection's reason and change in words: the templates of the message table, filled with the numbers of this program. */
import type { Insn } from '../instruction.ts';
import { VERIFIER_REASONS } from '../reasons.gen.ts';
import type { Refusal } from '../report.ts';
import type { Register } from '../state/register.ts';
import type { Step } from './path.ts';
import {
  changeOfAccess,
  changeOfArgument,
  changeOfIndex,
  changeOfLost,
  changeOfPacket,
  changeOfSize,
  whyLost,
} from './special.ts';
import type { Origin } from './trace.ts';
import { rangeWords, registerWords, signedWords } from './words.ts';

export interface ReasonTexts {
  /** With placeholders: `%off%`, `%register.is%`, `%register.range%`; `%%` is a percent sign. */
  readonly why?: string;
  readonly change?: string;
  /** Without any. */
  readonly plainWhy: string;
  readonly plainChange: string;
}

export interface Reason {
  readonly why: string;
  readonly change: string;
}

/** What is known of the way to a refusal. */
export interface Way {
  /** The step that failed, when the refusal concerns one. */
  readonly last: Step | undefined;
  /** Of the register at fault, from its beginning. */
  readonly origins: readonly Origin[];
  readonly insns: readonly Insn[];
}

export function reasonOf(refusal: Refusal, way: Way): Reason {
  const { last } = way;
  const texts = VERIFIER_REASONS[refusal.code];
  if (texts === undefined) return { why: refusal.message, change: '' };
  const facts = factsOf(refusal.values);
  return {
    why: specialWhy(refusal, way) ?? fill(texts.why, facts, last) ?? texts.plainWhy,
    change: specialChange(refusal, way, facts) ?? fill(texts.change, facts, last) ?? texts.plainChange,
  };
}

function specialWhy({ code, values }: Refusal, { origins }: Way): string | undefined {
  const number = registerNumber(values.register);
  const lost = origins.findLast(({ kind }) => kind === 'lost');
  if (number === undefined || lost?.kind !== 'lost') return undefined;
  return code === 'VE0202' || code === 'VE0603' ? whyLost(number, lost) : undefined;
}

function specialChange(
  { code, values }: Refusal,
  { last, origins, insns }: Way,
  facts: Facts,
): string | undefined {
  const number = registerNumber(values.register);
  const register = number === undefined ? undefined : last?.registers[number];
  if (number === undefined || register === undefined) return undefined;
  if (code === 'VE0202' && last !== undefined && isExit(insns[last.slot])) {
    return `set r${number}, which is what is returned, on every path to this exit: \`r${number} = 0\`.`;
  }
  const lost = origins.findLast(({ kind }) => kind === 'lost');
  if (lost?.kind === 'lost' && (code === 'VE0202' || code === 'VE0603')) return changeOfLost(number, lost);
  if (code === 'VE0609' && typeof facts.room === 'number') return changeOfIndex(facts.room, origins, insns);
  if (code === 'VE0624') return changeOfPacket(number, register, Number(values.size));
  if (code === 'VE0637') return changeOfSize(number, last?.registers[number - 1]);
  if (code === 'VE0603') return changeOfAccess(number, register);
  if (code === 'VE1509') return changeOfArgument(number, register, String(values.expected));
  return undefined;
}

const EXIT = 0x90;

function isExit(insn: Insn | undefined): boolean {
  return insn?.class === 5 && insn.operation === EXIT;
}

type Facts = Readonly<Record<string, string | number>>;

/** The message's values, and what follows from them. */
function factsOf(given: Facts): Facts {
  const { off, size, limit, min, max } = given;
  const values = {
    ...given,
    ...(typeof off === 'number' ? { place: signedWords(BigInt(off)) } : {}),
    ...(typeof min === 'number' && typeof max === 'number'
      ? { allowed: min === max ? min : `a number from ${min} to ${max}` }
      : {}),
  };
  if (typeof off !== 'number' || typeof size !== 'number') return values;
  const largest = Number(max);
  return {
    ...values,
    need: off + size,
    // Where what varies may begin at the latest; nothing may vary when even its fixed part does not fit.
    ...(typeof limit === 'number' && limit - off - size >= 0 ? { room: limit - off - size } : {}),
    ...(Number.isSafeInteger(largest) ? { end: off + largest + size } : {}),
  };
}

const PLACEHOLDER = /%(?:%|([A-Za-z][A-Za-z0-9]*)(?:\.(is|range))?%)/g;

/** Undefined when there is no template, or a fact it wants is not known. */
function fill(template: string | undefined, facts: Facts, last: Step | undefined): string | undefined {
  if (template === undefined) return undefined;
  let isKnown = true;
  const text = template.replaceAll(PLACEHOLDER, (all, name: string | undefined, part: string | undefined) => {
    if (name === undefined) return '%';
    const value = factText(name, part, facts, last);
    if (value === undefined) isKnown = false;
    return value ?? all;
  });
  return isKnown ? text.replaceAll(/\b1 bytes\b/g, '1 byte') : undefined;
}

function factText(
  name: string,
  part: string | undefined,
  facts: Facts,
  last: Step | undefined,
): string | undefined {
  const value = facts[name];
  if (value === undefined) return undefined;
  if (part === undefined) return String(value);
  const number = registerNumber(value);
  const register: Register | undefined = number === undefined ? undefined : last?.registers[number];
  if (register === undefined) return undefined;
  return part === 'is' ? registerWords(register) : rangeWords(register.scalar);
}

/** Messages name registers by number or as `R0`. */
export function registerNumber(value: string | number | undefined): number | undefined {
  if (typeof value === 'number') return value;
  const [, digits] = /^R(\d+)$/.exec(value ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}
