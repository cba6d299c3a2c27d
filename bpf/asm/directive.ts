/**
 * Directives, the lines that begin with a dot:
 *
 *     .license GPL
 *     .map NAME TYPE key=4 value=8 entries=16 [flags=0x1] [extra=0] [inner=TYPE:KEY:VALUE:ENTRIES:FLAGS]
 *     .data NAME HEXBYTES            initial contents of a map's only value
 *     .kfunc NAME                    a kernel function that `call NAME` means
 *     .program NAME SECTION          a program begins; libbpf's section names
 *     .func NAME                     a function begins: a subprogram or a callback
 */
import { findMapType, type MapDefinition, type MapSpec, mapProblems } from '../maps.ts';
import { parseSection, type Section } from '../sections.ts';
import type { Cursor } from './cursor.ts';
import { expectName } from './operand.ts';

export type Directive =
  | { readonly kind: 'license'; readonly text: string }
  | { readonly kind: 'map'; readonly map: MapDefinition }
  | { readonly kind: 'data'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'kfunc'; readonly name: string }
  | {
      readonly kind: 'program';
      readonly name: string;
      readonly section: string;
      readonly rule: Section['rule'];
    }
  | { readonly kind: 'func'; readonly name: string };

/** Parses a directive; the cursor stands at its dot. */
export function directive(cursor: Cursor): Directive {
  const start = cursor.at;
  const word = cursor.take(/\.[a-z]+(?![\w.])/y)?.[0];
  switch (word) {
    case '.license':
      return { kind: 'license', text: cursor.rest() };
    case '.map':
      return { kind: 'map', map: map(cursor) };
    case '.data':
      return { kind: 'data', name: expectName(cursor), bytes: hexBytes(cursor) };
    case '.kfunc':
      return { kind: 'kfunc', name: lastName(cursor) };
    case '.func':
      return { kind: 'func', name: lastName(cursor) };
    case '.program':
      return program(cursor);
    default:
      return cursor.fail(word === undefined ? 'expected a directive' : `unknown directive '${word}'`, start);
  }
}

function lastName(cursor: Cursor): string {
  const name = expectName(cursor);
  cursor.finish();
  return name;
}

function program(cursor: Cursor): Directive {
  const name = expectName(cursor);
  const start = cursor.at;
  const section = cursor.rest();
  const parsed = parseSection(section);
  if (parsed === undefined) {
    return cursor.fail(
      section === '' ? 'expected a section name' : `no program lives in section '${section}'`,
      start,
      [
        'sections are named as libbpf does: socket, xdp, tracepoint/sched/sched_switch, raw_tp/sys_enter, ...',
      ],
    );
  }
  return { kind: 'program', name, section, rule: parsed.rule };
}

function hexBytes(cursor: Cursor): Uint8Array {
  const start = cursor.at;
  const text = cursor.rest().replaceAll(' ', '');
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) cursor.fail('expected pairs of hexadecimal digits', start);
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}

function map(cursor: Cursor): MapDefinition {
  const name = cursor.take(/[^\s=]+/y)?.[0] ?? cursor.fail('expected a map name');
  const start = cursor.at;
  const typeName = expectName(cursor);
  const type = findMapType(typeName) ?? cursor.fail(`no map type '${typeName}'`, start);
  const fields = new Map<string, string>();
  while (!cursor.done) {
    const at = cursor.at;
    const field = cursor.take(/(key|value|entries|flags|extra|inner)=(\S+)/y);
    if (field === undefined) return cursor.fail('expected key=, value=, entries=, flags=, extra= or inner=');
    if (fields.has(field[1]!)) cursor.fail(`${field[1]} is given twice`, at);
    fields.set(field[1]!, field[2]!);
  }
  const number = (key: string): number => size(cursor, fields.get(key) ?? '0', start);
  const spec: MapSpec = {
    type: type.name,
    keySize: number('key'),
    valueSize: number('value'),
    maxEntries: number('entries'),
    flags: number('flags'),
    ...(fields.has('extra') ? { mapExtra: wide(cursor, fields.get('extra')!, start) } : {}),
    ...(fields.has('inner') ? { inner: inner(cursor, fields.get('inner')!, start) } : {}),
  };
  const problems = mapProblems(spec);
  if (problems.length > 0) cursor.fail(`map ${name}: ${problems.join('; ')}`, start);
  return { name, ...spec };
}

function inner(cursor: Cursor, text: string, start: number): MapSpec {
  const parts = text.split(':');
  const type = findMapType(parts[0]!);
  if (type === undefined || parts.length !== 5) {
    return cursor.fail('expected inner=TYPE:KEY:VALUE:ENTRIES:FLAGS', start);
  }
  const [keySize, valueSize, maxEntries, flags] = parts.slice(1).map((part) => size(cursor, part, start));
  return {
    type: type.name,
    keySize: keySize!,
    valueSize: valueSize!,
    maxEntries: maxEntries!,
    flags: flags!,
  };
}

function size(cursor: Cursor, text: string, start: number): number {
  const value = wide(cursor, text, start);
  if (value > 0xffff_ffffn) cursor.fail(`'${text}' does not fit 32 bits`, start);
  return Number(value);
}

function wide(cursor: Cursor, text: string, start: number): bigint {
  if (!/^(?:0x[0-9a-fA-F]{1,16}|\d{1,20})$/.test(text))
    return cursor.fail(`'${text}' is not a number`, start);
  return BigInt(text);
}
