/**
 * A format for events whose own is not known, out of what their texts look like: `key=value` pairs become fields. Numbers
 * are 64 bits wide, other values are strings as long as the longest seen.
 */
import type { EventField, EventFormat } from '../../../bpf/event-format.ts';
import { ownText } from './line-reader.ts';

const PAIR = /(?:^|[\s,([{])([A-Za-z_]\w{0,63})=/g;
/** A hostile text could have a name in every word. */
const MAX_KEYS = 64;
const MAX_STRING = 256;
const HEADER = 8;

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** The pairs of a text: a value goes up to the next pair. Without any, the whole text is the value of `text`. */
export function keyValues(text: string): readonly KeyValue[] {
  const matches = [...text.slice(0, 4096).matchAll(PAIR)].slice(0, MAX_KEYS);
  if (matches.length === 0) return text === '' ? [] : [{ key: 'text', value: text }];
  return matches.map((match, index) => {
    const next = matches[index + 1];
    const value = text.slice(match.index + match[0].length, next?.index ?? text.length);
    return { key: match[1]!, value: plainValue(value.trim()) };
  });
}

/** A number without what is printed around it (`2222282 [ns]`), a text without the bracket that ends it. */
function plainValue(value: string): string {
  const number = /^(-?\d{1,18}|0x[0-9a-fA-F]{1,16})(?=[\s,)\]}]|$)/.exec(value)?.[1];
  return number ?? value.replace(/\s[^\w\s"'/.]+$/, '').replace(/[,)\]}]+$/, '');
}

interface Shape {
  isDecimal: boolean;
  isHex: boolean;
  longest: number;
}

/** Learns the shape of an event's fields from its texts. */
export class FormatLearner {
  private readonly shapes = new Map<string, Shape>();

  observe(text: string): void {
    for (const { key, value } of keyValues(text)) {
      const shape = this.shapes.get(key) ?? { isDecimal: true, isHex: true, longest: 0 };
      if (this.shapes.size >= MAX_KEYS && !this.shapes.has(key)) continue;
      if (!this.shapes.has(key)) this.shapes.set(ownText(key), shape);
      shape.isDecimal &&= /^-?\d{1,18}$/.test(value);
      shape.isHex &&= /^0x[0-9a-fA-F]{1,16}$/.test(value);
      shape.longest = Math.max(shape.longest, value.length);
    }
  }

  format(system: string, name: string, id: number): EventFormat {
    const fields: EventField[] = [...COMMON];
    const parts: string[] = [];
    let offset = HEADER;
    for (const [key, shape] of this.shapes) {
      const field = fieldOf(key, shape, offset);
      fields.push(field);
      offset += field.size;
      parts.push(`${key}=${shape.isDecimal ? '%lld' : shape.isHex ? '0x%llx' : '%s'}`);
    }
    const args = [...this.shapes.keys()].map((key) => `, REC->${key}`).join('');
    const isText = this.shapes.size === 1 && this.shapes.has('text');
    const printFormat = `"${isText ? '%s' : parts.join(' ')}"${args}`;
    return { id, system, name, fields, size: offset, printFormat };
  }
}

function common(name: string, type: string, offset: number, size: number, signed: boolean): EventField {
  const declaration = `${type} ${name}`;
  const kind = 'integer';
  return {
    name,
    type,
    declaration,
    offset,
    size,
    signed,
    common: true,
    kind,
    elementType: type,
    elementSize: size,
    count: 1,
  };
}

const COMMON: readonly EventField[] = [
  common('common_type', 'unsigned short', 0, 2, false),
  common('common_flags', 'unsigned char', 2, 1, false),
  common('common_preempt_count', 'unsigned char', 3, 1, false),
  common('common_pid', 'int', 4, 4, true),
];

function fieldOf(name: string, shape: Shape, offset: number): EventField {
  const base = { name, offset, common: false };
  if (shape.isDecimal || shape.isHex) {
    const type = shape.isDecimal ? 's64' : 'u64';
    const scalar = { kind: 'integer', elementType: type, elementSize: 8, count: 1 } as const;
    return { ...base, type, declaration: `${type} ${name}`, size: 8, signed: shape.isDecimal, ...scalar };
  }
  const size = Math.min(MAX_STRING, (shape.longest + 8) & ~7);
  const text = { kind: 'string', elementType: 'char', elementSize: 1, count: size } as const;
  return {
    ...base,
    type: `char[${size}]`,
    declaration: `char ${name}[${size}]`,
    size,
    signed: true,
    ...text,
  };
}
