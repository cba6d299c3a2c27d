/** The text form of every value (bpftrace's text output). */
import { globMatcher } from '../../bpf/glob.ts';
import type { OpaqueType, TupleType } from '../../compiler/types/type.ts';
import { type ByteString, byteString, encodeText } from './byte-string.ts';
import type { PrintContext } from './context.ts';
import { inetText } from './inet-text.ts';
import { type Cell, readBuffer, readInteger, readNumber, readString } from './read.ts';
import { strftime } from './strftime.ts';
import { fieldsOf } from './struct-fields.ts';

const U32 = { size: 4, signed: false } as const;

const hexByte = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;

/** Printable ASCII as it is, other bytes as `\xNN`. */
export function escapedBuffer(bytes: Uint8Array): ByteString {
  let text = '';
  for (const byte of bytes) text += byte >= 32 && byte <= 126 ? String.fromCharCode(byte) : hexByte(byte);
  return text;
}

/** The text of one value. */
export function textOf(cell: Cell, context: PrintContext): ByteString {
  const { type, bytes, offset } = cell;
  switch (type.kind) {
    case 'integer': {
      const value = readInteger(type, bytes, offset);
      return type.enum?.values.get(value) ?? value.toString();
    }
    case 'boolean':
      return bytes[offset] === 0 ? 'false' : 'true';
    case 'string':
      return stringText(cell, context);
    case 'buffer':
      return escapedBuffer(readBuffer(cell));
    case 'tuple':
      return tupleText(type, cell, context);
    case 'pointer':
      return `0x${readNumber(cell).toString(16)}`;
    case 'array': {
      const items: string[] = [];
      for (let index = 0; index < type.count; index++) {
        items.push(
          textOf({ type: type.element, bytes, offset: offset + index * type.element.size }, context),
        );
      }
      return `[${items.join(',')}]`;
    }
    case 'struct': {
      const fields = fieldsOf(type, cell).map(({ name, cell: own }) => `.${name} = ${textOf(own, context)}`);
      return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
    }
    case 'timestamp':
      return encodeText(strftime(type.format, context.epochNs(readNumber(cell), type.clock)));
    case 'cgroup_path':
      return encodeText(cgroupText(readNumber(cell), type.filter, context));
    case 'none':
      return 'null';
    case 'kstack':
    case 'ustack':
      return context.stack?.(type, bytes.subarray(offset, offset + type.size)) ?? '';
    case 'ksym':
    case 'usym':
    case 'username':
    case 'macaddr':
    case 'inet':
      return opaqueText(type, cell, context);
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
    case 'hist':
    case 'lhist':
    case 'tseries':
      throw new TypeError(`an aggregation (${type.kind}) is printed through its map`);
  }
}

function stringText(cell: Cell, context: PrintContext): ByteString {
  const { text, terminated } = readString(cell);
  return terminated || cell.type.size === 0 ? byteString(text) : byteString(text) + context.strTruncTrailer;
}

function tupleText(type: TupleType, cell: Cell, context: PrintContext): ByteString {
  const parts = type.elements.map((element) => {
    const text = textOf(
      { type: element.type, bytes: cell.bytes, offset: cell.offset + element.offset },
      context,
    );
    return element.name === undefined ? text : `.${element.name} = ${text}`;
  });
  if (type.elements.some((element) => element.name !== undefined)) return `{ ${parts.join(', ')} }`;
  return `(${parts.join(', ')})`;
}

/** `hierarchy:path` of the hierarchies that the pattern fits. */
function cgroupText(id: bigint, filter: string | undefined, context: PrintContext): string {
  const fits = filter === undefined ? (): boolean => true : globMatcher(filter);
  return context
    .cgroupPaths(id)
    .filter(({ hierarchy }) => fits(hierarchy))
    .map(({ hierarchy, path }) => `${hierarchy}:${path}`)
    .join(',');
}

function opaqueText(type: OpaqueType, cell: Cell, context: PrintContext): ByteString {
  const bytes = cell.bytes.subarray(cell.offset, cell.offset + type.size);
  const resolved = context.resolve(type.kind, bytes);
  if (resolved !== undefined) return resolved;
  if (type.kind === 'ksym' || type.kind === 'usym') {
    const name = context.symbol?.(type.kind, bytes);
    if (name !== undefined) return name;
  }
  if (type.kind === 'username') return context.userName(Number(readInteger(U32, bytes, 0))) ?? '';
  if (type.kind === 'inet') return inetText(bytes);
  if (type.kind === 'macaddr') {
    return [...bytes.subarray(0, 6)]
      .map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
      .join(':');
  }
  return `0x${readInteger({ size: 8, signed: false }, bytes, 0).toString(16)}`;
}
