/**
 * A print format backwards: reads the text of an event and gives the values of its fields. The text may be anything: the
 * search for where strings end takes a bounded number of steps.
 */
import type { EventField, EventFormat } from '../../event-format.ts';
import { type MatchedPiece, matchArguments } from '../compile.ts';
import { splitFormat } from '../conversions.ts';
import type { PrintExpression } from '../expression.ts';
import { parsePrintFormat } from '../parse.ts';
import { isDynamic } from '../record.ts';
import type { Candidate, FindCandidates } from './candidate.ts';
import { ALL_BITS, type FieldValues } from './field-values.ts';
import { assign, assume } from './invert.ts';
import { numberCandidates } from './number-candidates.ts';
import { pointerCandidates } from './pointer-candidates.ts';
import { textCandidates } from './text-candidates.ts';

export interface RecordScanner {
  /** Fields that the text does not tell, or not wholly. */
  readonly lost: readonly EventField[];
  /** False when the text does not fit the format: then nothing was put into `values`. */
  scan(text: string, values: FieldValues): boolean;
}

/** Undefined when the print format cannot be understood. */
export function compileScanner(event: EventFormat, longSize: 4 | 8 = 8): RecordScanner | undefined {
  const { format } = parsePrintFormat(event, longSize);
  const pieces = format && matchArguments(splitFormat(format.text, true), format.args);
  if (pieces === undefined) return undefined;
  const steps = pieces.map(stepOf);
  return {
    lost: lostFields(event, pieces),
    scan: (text, values) => {
      const search = new Search(steps, text);
      if (!search.run()) return false;
      for (const candidate of search.chosen) candidate?.apply?.(values);
      return true;
    },
  };
}

type Step =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'value'; readonly find: FindCandidates };

function stepOf({ piece, value }: MatchedPiece): Step {
  if (piece.kind === 'literal') return { kind: 'literal', text: piece.text };
  switch (piece.kind) {
    case 'number':
      return { kind: 'value', find: numberCandidates(piece, value!) };
    case 'string':
      return { kind: 'value', find: textCandidates(value!, piece.layout.width !== undefined) };
    case 'pointer':
      return { kind: 'value', find: pointerCandidates(piece, value!) };
  }
}

/** A format has a few dozen steps, and most strings end where they first can. */
const MAX_TRIES = 4096;

class Search {
  readonly chosen: (Candidate | undefined)[] = [];
  private readonly steps: readonly Step[];
  private readonly text: string;
  private tries = 0;

  constructor(steps: readonly Step[], text: string) {
    this.steps = steps;
    this.text = text.trimEnd();
  }

  run(): boolean {
    return this.from(0, 0);
  }

  private from(index: number, at: number): boolean {
    if (this.tries++ > MAX_TRIES) return false;
    const step = this.steps[index];
    if (step === undefined) return at === this.text.length;
    if (step.kind === 'literal') {
      const end = this.afterLiteral(step.text, at);
      return end !== undefined && this.from(index + 1, end);
    }
    for (const candidate of step.find(this.text, at, this.literalAfter(index))) {
      this.chosen[index] = candidate;
      if (this.from(index + 1, candidate.end)) return true;
    }
    this.chosen[index] = undefined;
    return false;
  }

  /** Blanks and line ends at the end of a line do not survive its printing. */
  private afterLiteral(literal: string, at: number): number | undefined {
    if (this.text.startsWith(literal, at)) return at + literal.length;
    const rest = this.text.slice(at);
    return rest.length < literal.length && rest === literal.trimEnd() ? this.text.length : undefined;
  }

  /** Undefined at the end; empty when another conversion follows at once. */
  private literalAfter(index: number): string | undefined {
    const next = this.steps[index + 1];
    if (next === undefined) return undefined;
    if (next.kind === 'value') return '';
    const isLast = index + 2 >= this.steps.length;
    return isLast ? next.text.trimEnd() || undefined : next.text;
  }
}

/** Goes through all that could be printed, and sees which bits of which fields come back. */
function lostFields(event: EventFormat, pieces: readonly MatchedPiece[]): readonly EventField[] {
  const told = new Map<EventField, Map<number, bigint>>();
  const tell = (field: EventField, index: number, mask: bigint): void => {
    const bits = told.get(field) ?? new Map<number, bigint>();
    told.set(field, bits);
    bits.set(index, (bits.get(index) ?? 0n) | mask);
  };
  const values: FieldValues = {
    number: (field, index, _, mask) => tell(field, index, mask),
    nonZero: () => {},
    data: (field) => tell(field, 0, ALL_BITS),
  };
  for (const { piece, value } of pieces) {
    if (value === undefined) continue;
    if (piece.kind === 'string') tellText(value, values);
    else if (piece.kind === 'number' || piece.kind === 'pointer') tellPointer(piece, value, values);
  }
  return event.fields.filter((field) => !field.common && !isTold(field, told.get(field)));
}

function tellPointer(piece: MatchedPiece['piece'], value: PrintExpression, values: FieldValues): void {
  if (piece.kind === 'number' || (piece.kind === 'pointer' && piece.extension === '')) {
    assign(value, 1n, ALL_BITS, values);
    return;
  }
  let target = value;
  while (target.kind === 'cast') target = target.operand;
  if (
    piece.kind === 'pointer' &&
    /^(?:[IiMm][46F]?c?|m|U[LlBb]?)$/.test(piece.extension) &&
    target.kind === 'field'
  ) {
    values.data(target.field, new Uint8Array(0));
  }
}

function tellText(expression: PrintExpression, values: FieldValues): void {
  switch (expression.kind) {
    case 'symbolic':
    case 'flags':
      assign(expression.value, 1n, ALL_BITS, values);
      return;
    case 'conditional':
      assume(expression.condition, true, values);
      assume(expression.condition, false, values);
      tellText(expression.whenTrue, values);
      tellText(expression.whenFalse, values);
      return;
    case 'field':
    case 'string':
      if (expression.field.kind !== 'integer' && expression.field.kind !== 'pointer') {
        values.data(expression.field, new Uint8Array(0));
      }
      return;
    case 'hex':
      values.data(expression.data.field, new Uint8Array(0));
      assign(expression.length, 1n, ALL_BITS, values);
      return;
    case 'int-array':
      values.data(expression.data.field, new Uint8Array(0));
      assign(expression.count, 1n, ALL_BITS, values);
      return;
    default:
      return;
  }
}

function isTold(field: EventField, bits: ReadonlyMap<number, bigint> | undefined): boolean {
  if (bits === undefined) return false;
  if (isDynamic(field) || field.kind === 'string') return true;
  const all = (1n << BigInt(Math.min(field.elementSize || field.size, 8) * 8)) - 1n;
  const count = field.kind === 'array' ? Math.max(1, field.count) : 1;
  // An array that was printed as a whole came as bytes.
  if (field.kind === 'array' && bits.size === 1 && count > 1)
    return bits.get(0) === ALL_BITS && field.elementSize === 1;
  for (let index = 0; index < count; index++) {
    if (((bits.get(index) ?? 0n) & all) !== all) return false;
  }
  return true;
}
