/** Actions of a script as JSON in the script section, and back with every offset, index and conversion checked. */
import type { Span } from '../../bpf/span.ts';
import type { Action, FormatPiece, RecordField } from '../script-info.ts';
import type { Type } from '../types/type.ts';
import { byteText, type CheckedJson, given } from './checked-json.ts';
import { decodeType, decodeValueType, encodeType, type Json, MAX_VALUE_SIZE } from './type-json.ts';

/** Makes spans of what is written, checked against the sources. */
export type SpanReader = (json: CheckedJson) => Span;

const KINDS: readonly Action['kind'][] = [
  'printf',
  'errorf',
  'warnf',
  'system',
  'cat',
  'print-value',
  'print-map',
  'print-map-entry',
  'clear-map',
  'zero-map',
  'time',
  'join',
  'skboutput',
  'unwatch',
  'exit',
  'runtime-error',
  'helper-error',
];
const CONVERSIONS = ['d', 'i', 'u', 'o', 'x', 'X', 'c', 'p', 's', 'r', 'rx', 'rh', 'gr'] as const;
const LENGTHS = ['', 'hh', 'h', 'l', 'll', 'j', 'z', 't', 'L'] as const;
const MAX_PIECES = 4096;
const MAX_WIDTH = 65536;

type Conversion = Extract<FormatPiece, { readonly kind: 'conversion' }>;

export function encodeSpan({ source, start, end }: Span): Json {
  return [source, start, end];
}

export function encodeAction(action: Action): Json {
  const span = encodeSpan(action.span);
  switch (action.kind) {
    case 'printf':
    case 'errorf':
    case 'warnf':
    case 'system':
    case 'cat':
      return { ...action, span, format: action.format.map(encodePiece), args: action.args.map(encodeField) };
    case 'print-value':
      return { ...action, span, value: encodeField(action.value) };
    case 'print-map-entry': {
      const { value, ...rest } = action;
      return { ...rest, span, key: encodeField(action.key), ...given('value', value && encodeField(value)) };
    }
    case 'join':
      return { ...action, span, words: encodeField(action.words) };
    case 'unwatch':
      return { ...action, span, address: encodeField(action.address) };
    case 'exit':
      return { ...action, span, code: encodeField(action.code) };
    case 'helper-error':
      return { ...action, span, retcode: encodeField(action.retcode) };
    case 'print-map':
    case 'clear-map':
    case 'zero-map':
    case 'time':
    case 'skboutput':
    case 'runtime-error':
      return { ...action, span };
    default:
      return action satisfies never;
  }
}

/** @throws FormatError */
export function decodeAction(json: CheckedJson, spanOf: SpanReader): Action {
  const kind = json.get('kind').oneOf(KINDS);
  const span = spanOf(json.get('span'));
  switch (kind) {
    case 'printf':
    case 'errorf':
    case 'warnf':
    case 'system':
    case 'cat': {
      const args = json.get('args').list(MAX_PIECES, decodeField);
      return {
        kind,
        span,
        args,
        format: json.get('format').list(MAX_PIECES, (one) => decodePiece(one, args)),
      };
    }
    case 'print-value':
      return { kind, span, value: decodeField(json.get('value')) };
    case 'print-map':
      return { kind, span, map: nameAt(json, 'map'), ...limits(json) };
    case 'print-map-entry': {
      const value = json.optional('value');
      const entry = { kind, span, map: nameAt(json, 'map'), key: decodeField(json.get('key')) };
      return {
        ...entry,
        ...given('value', value && { offset: offsetAt(value), type: decodeType(value.get('type')) }),
      };
    }
    case 'clear-map':
    case 'zero-map':
      return { kind, span, map: nameAt(json, 'map') };
    case 'time':
      return { kind, span, format: json.get('format').text(4096) };
    case 'skboutput':
      return {
        kind,
        span,
        file: json.get('file').text(4096),
        offset: json.get('offset').integer(0, MAX_VALUE_SIZE),
      };
    case 'join':
      return {
        kind,
        span,
        separator: json.get('separator').text(4096),
        words: decodeField(json.get('words')),
      };
    case 'unwatch':
      return { kind, span, address: wordAt(json, 'address') };
    case 'exit':
      return { kind, span, code: wordAt(json, 'code') };
    case 'runtime-error':
      return { kind, span, message: json.get('message').text(4096) };
    case 'helper-error':
      return {
        kind,
        span,
        helper: nameAt(json, 'helper'),
        retcode: wordAt(json, 'retcode'),
        ...given('message', json.optional('message')?.text(4096)),
      };
    default:
      return kind satisfies never;
  }
}

function encodeField({ offset, type }: RecordField): Json {
  return { offset, type: encodeType(type) };
}

function encodePiece(piece: FormatPiece): Json {
  return piece.kind === 'text' ? { kind: 'text', bytes: byteText(piece.bytes) } : { ...piece };
}

function decodeField(json: CheckedJson): RecordField {
  return { offset: offsetAt(json), type: decodeValueType(json.get('type')) };
}

/** Behind the action's index. */
function offsetAt(json: CheckedJson): number {
  return json.get('offset').integer(8, MAX_VALUE_SIZE);
}

/** A 64-bit number. */
function wordAt(json: CheckedJson, key: string): RecordField {
  const field = decodeField(json.get(key));
  if (field.type.kind !== 'integer' || field.type.size !== 8) json.get(key).fail('is no 64-bit integer');
  return field;
}

function nameAt(json: CheckedJson, key: string): string {
  return json.get(key).text(256);
}

function limits(json: CheckedJson): { readonly top?: number; readonly div?: number } {
  const limit = (key: string): number | undefined => json.optional(key)?.integer(0, Number.MAX_SAFE_INTEGER);
  return { ...given('top', limit('top')), ...given('div', limit('div')) };
}

function decodePiece(json: CheckedJson, args: readonly RecordField[]): FormatPiece {
  const kind = json.get('kind').oneOf(['text', 'conversion'] as const);
  if (kind === 'text') return { kind, bytes: json.get('bytes').bytes() };
  const arg = json.get('arg').integer(0, args.length - 1);
  const conversion = json.get('conversion').oneOf(CONVERSIONS);
  if (!accepts(conversion, args[arg]!.type)) json.fail(`prints a ${args[arg]!.type.kind} by %${conversion}`);
  const width = (key: string): number | undefined => json.optional(key)?.integer(0, MAX_WIDTH);
  return {
    kind,
    arg,
    flags: decodeFlags(json.get('flags')),
    ...given('width', width('width')),
    ...given('precision', width('precision')),
    length: json.get('length').oneOf(LENGTHS),
    conversion,
  };
}

function decodeFlags(json: CheckedJson): Conversion['flags'] {
  const flag = (name: string): boolean => json.get(name).boolean();
  return {
    left: flag('left'),
    plus: flag('plus'),
    space: flag('space'),
    alternate: flag('alternate'),
    zero: flag('zero'),
  };
}

/** Whether printing that type so reads no more than its bytes. */
function accepts(conversion: Conversion['conversion'], type: Type): boolean {
  if (conversion === 's') return true;
  if (conversion === 'r' || conversion === 'rx' || conversion === 'rh') return type.kind === 'buffer';
  return type.kind === 'integer' || type.kind === 'boolean' || type.size >= 8;
}
