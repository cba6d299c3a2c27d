/**
 * One attach point's text → its `name=` prefix and its parts. Positional parameters outside quotes are replaced by
 * the script's arguments first, so that an argument may itself hold a `:`.
 */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import {
  attachParameterCharacter,
  attachParameterRange,
  unterminatedString,
} from '../diagnostics/messages.gen.ts';
import type { AttachPointPart, AttachPointSyntax, Identifier } from './ast.ts';

/** A run of characters of the text and what they stand for. */
interface Piece {
  readonly kind: 'plain' | 'quoted' | 'argument' | 'separator';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export function attachPoint(
  raw: string,
  span: Span,
  params: readonly string[],
  sink: DiagnosticSink,
): AttachPointSyntax {
  const name = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(raw)?.[1];
  const from = name === undefined ? 0 : name.length + 1;
  const pieces = [...splitPieces(raw, from, span, params, sink)];
  const node = { kind: 'attach-point', span, raw, parts: joinParts(pieces, span, from) } as const;
  if (name === undefined) return node;
  const identifier: Identifier = { span: { ...span, end: span.start + name.length }, name };
  return { ...node, name: identifier };
}

const PIECE =
  /(?<separator>:)|"(?<quoted>(?:[^"\\]|\\[\s\S]?)*)(?<quote>"?)|\$(?<digits>[0-9]*)|(?<plain>[^:"$]+)/gu;

function* splitPieces(
  raw: string,
  from: number,
  span: Span,
  params: readonly string[],
  sink: DiagnosticSink,
): Generator<Piece> {
  for (const match of raw.slice(from).matchAll(PIECE)) {
    const start = from + match.index;
    const end = start + match[0].length;
    const { separator, quoted, quote, digits, plain } = match.groups as Record<string, string | undefined>;
    if (separator !== undefined) yield { kind: 'separator', text: ':', start, end };
    else if (plain !== undefined) yield { kind: 'plain', text: plain, start, end };
    else if (digits !== undefined) {
      const argument = parameterText(digits, raw.slice(end), span, params, sink);
      yield* argumentPieces(argument, start, end);
    } else if (quoted !== undefined) {
      if (quote === '')
        sink.report(unterminatedString({ ...span, start: span.start + end, end: span.start + end }));
      yield { kind: 'quoted', text: quoted.replaceAll(/\\([\s\S]?)/gu, '$1'), start, end };
    }
  }
}

/** The replacement of `$digits`; a missing argument is empty, as everywhere. */
function parameterText(
  digits: string,
  rest: string,
  span: Span,
  params: readonly string[],
  sink: DiagnosticSink,
): string {
  if (digits === '' || digits.startsWith('0')) {
    // A lone `$` at the very end names no parameter and stands for nothing.
    const character = digits === '' ? rest.slice(0, 1) : '0';
    if (character !== '') sink.report(attachParameterCharacter(span, { character }));
    return '';
  }
  if (digits.length > 20 || BigInt(digits) >= 2n ** 64n) {
    sink.report(attachParameterRange(span, { digits }));
    return '';
  }
  return params[Number(digits) - 1] ?? '';
}

function* argumentPieces(argument: string, start: number, end: number): Generator<Piece> {
  for (const [index, text] of argument.split(':').entries()) {
    if (index > 0) yield { kind: 'separator', text: ':', start, end };
    yield { kind: 'argument', text, start, end };
  }
}

function joinParts(pieces: readonly Piece[], span: Span, from: number): AttachPointPart[] {
  const parts: AttachPointPart[] = [];
  let current: Piece[] = [];
  let start = from;
  const finish = (fallback: number): void => {
    const first = current[0]?.start ?? start;
    const last = current.at(-1)?.end ?? fallback;
    parts.push({
      span: { ...span, start: span.start + Math.min(first, last), end: span.start + last },
      text: current.map((piece) => piece.text).join(''),
      quoted: current.some((piece) => piece.kind === 'quoted'),
    });
    current = [];
  };
  for (const piece of pieces) {
    if (piece.kind !== 'separator') {
      current.push(piece);
      continue;
    }
    finish(piece.start);
    start = piece.end;
  }
  finish(span.end - span.start);
  return parts;
}
