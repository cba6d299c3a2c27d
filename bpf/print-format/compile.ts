/**
 * Compiles a print format once into a list of steps; printing an event runs them. What cannot be evaluated prints as the
 * event's raw fields after `[FAILED TO PARSE]`, as libtraceevent does.
 */
import type { EventFormat } from '../event-format.ts';
import { type Conversion, type FormatPiece, splitFormat } from './conversions.ts';
import type { PrintEnvironment } from './environment.ts';
import type { PrintExpression, PrintFormat, PrintFormatProblem } from './expression.ts';
import { type FilledLayout, formatNumber, formatSmall } from './format-number.ts';
import { compileNumber, compileSmall, type Evaluate } from './numbers.ts';
import { parsePrintFormat } from './parse.ts';
import { compilePointer } from './pointers.ts';
import { compileFields } from './raw-fields.ts';
import type { PrintRecord } from './record.ts';
import { compileText } from './texts.ts';

/** A record as text: a byte string, one character (0 to 255) a byte, without a line's end of its own. */
export type PrintRecordText = (record: PrintRecord) => string;

export interface EventPrinter {
  /** Set when the format could not be evaluated. */
  readonly problem?: PrintFormatProblem;
  /** By the print format. */
  readonly text: PrintRecordText;
}

export function compilePrintFormat(event: EventFormat, environment: PrintEnvironment): EventPrinter {
  const { format, problem } = parsePrintFormat(event, environment.longSize);
  if (format !== undefined) {
    const text = compileSteps(format, environment);
    if (text !== undefined) return { text };
  }
  const fields = compileFields(event);
  return {
    problem: problem ?? { offset: 0, message: 'more conversions than arguments' },
    text: (record) => `[FAILED TO PARSE]${fields(record)}`,
  };
}

/** Undefined when there are more conversions than arguments. */
function compileSteps(format: PrintFormat, environment: PrintEnvironment): PrintRecordText | undefined {
  const matched = matchArguments(splitFormat(format.text, true), format.args);
  if (matched === undefined) return undefined;
  return joinSteps(matched.map((step) => compileStep(step, environment)));
}

/** A piece of a format with the arguments it prints. */
export interface MatchedPiece {
  readonly piece: FormatPiece;
  /** Absent for literal text. */
  readonly value?: PrintExpression;
  /** What `*` stands for. */
  readonly size?: PrintExpression;
}

/** Undefined when there are more conversions than arguments. */
export function matchArguments(
  pieces: readonly FormatPiece[],
  args: readonly PrintExpression[],
): readonly MatchedPiece[] | undefined {
  let used = 0;
  const matched: MatchedPiece[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'literal') {
      matched.push({ piece });
      continue;
    }
    const stars = countStars(piece);
    if (stars > 1 || used + stars >= args.length) return undefined;
    const size = stars === 1 ? args[used] : undefined;
    const value = args[used + stars]!;
    used += stars + 1;
    matched.push(size === undefined ? { piece, value } : { piece, value, size });
  }
  return matched;
}

function countStars(piece: Conversion): number {
  return Number(piece.layout.width === 'argument') + Number(piece.layout.precision === 'argument');
}

export function compileStep(step: MatchedPiece, environment: PrintEnvironment): PrintRecordText {
  const { piece, value } = step;
  if (piece.kind === 'literal' || value === undefined) {
    const text = piece.kind === 'literal' ? piece.text : '';
    return () => text;
  }
  const size = step.size === undefined ? undefined : compileNumber(step.size, environment.longSize);
  switch (piece.kind) {
    case 'number': {
      const small = size === undefined ? compileSmall(value) : undefined;
      if (small !== undefined) {
        const layout = piece.layout as FilledLayout;
        return (record) => formatSmall(piece, layout, small(record));
      }
      const number = compileNumber(value, environment.longSize);
      const layout = compileLayout(piece, size);
      return (record) => formatNumber(piece, layout(record), number(record));
    }
    case 'string': {
      const text = compileText(value, environment);
      const layout = compileLayout(piece, size);
      return (record) => text(record, layout(record));
    }
    case 'pointer':
      return compilePointer(piece, value, size, environment);
  }
}

const MAX_SIZE = 1024;

function compileLayout(piece: Conversion, size: Evaluate | undefined): (record: PrintRecord) => FilledLayout {
  const { layout } = piece;
  if (size === undefined) return () => layout as FilledLayout;
  return (record) => {
    const value = Number(BigInt.asIntN(32, size(record)));
    if (layout.precision === 'argument') {
      const precision = value < 0 ? undefined : Math.min(value, MAX_SIZE);
      return { ...layout, width: layout.width as number | undefined, precision };
    }
    const width = Math.min(Math.abs(value), MAX_SIZE);
    return {
      ...layout,
      left: layout.left || value < 0,
      width,
      precision: layout.precision as number | undefined,
    };
  };
}

function joinSteps(steps: readonly PrintRecordText[]): PrintRecordText {
  return (record) => {
    let text = '';
    for (const step of steps) text += step(record);
    return text;
  };
}
