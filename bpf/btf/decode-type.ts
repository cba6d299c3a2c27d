/** One type out of its bytes. The scan has checked them. */
import type { StringSection } from './strings.ts';
import type {
  BtfComposite,
  BtfDataSection,
  BtfEnum,
  BtfInt,
  BtfMember,
  BtfPrototype,
  BtfType,
} from './type.ts';
import { BTF_KINDS, INT_BOOL, INT_CHAR, INT_SIGNED, LINKAGES } from './wire.ts';

/** A type section and what its names refer to. */
export interface TypeBytes {
  readonly view: DataView;
  readonly littleEndian: boolean;
  readonly strings: StringSection;
}

export function decodeType(from: TypeBytes, offset: number): BtfType {
  const { view, littleEndian: little, strings } = from;
  const info = view.getUint32(offset + 4, little);
  const kind = BTF_KINDS[(info >>> 24) & 0x1f]!;
  const flag = info >>> 31 !== 0;
  const word = view.getUint32(offset + 8, little);
  const name = strings.at(view.getUint32(offset, little));
  switch (kind) {
    case 'void':
      return { kind };
    case 'int':
      return decodeInt(from, offset, name);
    case 'ptr':
    case 'const':
    case 'volatile':
    case 'restrict':
      return { kind, type: word };
    case 'array':
      return {
        kind,
        element: view.getUint32(offset + 12, little),
        index: view.getUint32(offset + 16, little),
        count: view.getUint32(offset + 20, little),
      };
    case 'struct':
    case 'union':
      return decodeComposite(from, offset, kind, name);
    case 'enum':
    case 'enum64':
      return decodeEnum(from, offset, kind, name);
    case 'fwd':
      return { kind, name, of: flag ? 'union' : 'struct' };
    case 'typedef':
      return { kind, name, type: word };
    case 'type_tag':
      return { kind, name, type: word, attribute: flag };
    case 'func':
      return { kind, name, type: word, linkage: LINKAGES[info & 0xffff]! };
    case 'func_proto':
      return decodePrototype(from, offset);
    case 'var':
      return { kind, name, type: word, linkage: LINKAGES[view.getUint32(offset + 12, little)]! };
    case 'datasec':
      return decodeDataSection(from, offset, name);
    case 'float':
      return { kind, name, size: word };
    case 'decl_tag':
      return { kind, name, type: word, component: view.getInt32(offset + 12, little), attribute: flag };
    default:
      return kind satisfies never;
  }
}

function decodeInt({ view, littleEndian: little }: TypeBytes, offset: number, name: string): BtfInt {
  const data = view.getUint32(offset + 12, little);
  const encoding = data >>> 24;
  return {
    kind: 'int',
    name,
    size: view.getUint32(offset + 8, little),
    signed: (encoding & INT_SIGNED) !== 0,
    encoding: (encoding & INT_BOOL) !== 0 ? 'bool' : (encoding & INT_CHAR) !== 0 ? 'char' : 'plain',
    bits: data & 0xff,
    bitOffset: (data >>> 16) & 0xff,
  };
}

function decodeComposite(
  { view, littleEndian: little, strings }: TypeBytes,
  offset: number,
  kind: 'struct' | 'union',
  name: string,
): BtfComposite {
  const info = view.getUint32(offset + 4, little);
  const flag = info >>> 31 !== 0;
  const members: BtfMember[] = [];
  const end = offset + 12 + (info & 0xffff) * 12;
  for (let entry = offset + 12; entry < end; entry += 12) {
    const place = view.getUint32(entry + 8, little);
    members.push({
      name: strings.at(view.getUint32(entry, little)),
      type: view.getUint32(entry + 4, little),
      bitOffset: flag ? place & 0xff_ffff : place,
      bitSize: flag ? place >>> 24 : 0,
    });
  }
  return { kind, name, size: view.getUint32(offset + 8, little), members };
}

function decodeEnum(
  { view, littleEndian: little, strings }: TypeBytes,
  offset: number,
  kind: 'enum' | 'enum64',
  name: string,
): BtfEnum {
  const info = view.getUint32(offset + 4, little);
  const signed = info >>> 31 !== 0;
  const stride = kind === 'enum' ? 8 : 12;
  const values: { readonly name: string; readonly value: bigint }[] = [];
  const end = offset + 12 + (info & 0xffff) * stride;
  for (let entry = offset + 12; entry < end; entry += stride) {
    const low = view.getUint32(entry + 4, little);
    const bits =
      kind === 'enum' ? BigInt(low) : (BigInt(view.getUint32(entry + 8, little)) << 32n) | BigInt(low);
    const width = kind === 'enum' ? 32 : 64;
    values.push({
      name: strings.at(view.getUint32(entry, little)),
      value: signed ? BigInt.asIntN(width, bits) : bits,
    });
  }
  return { kind, name, size: view.getUint32(offset + 8, little), signed, values };
}

function decodePrototype({ view, littleEndian: little, strings }: TypeBytes, offset: number): BtfPrototype {
  const parameters: { readonly name: string; readonly type: number }[] = [];
  const end = offset + 12 + (view.getUint32(offset + 4, little) & 0xffff) * 8;
  for (let entry = offset + 12; entry < end; entry += 8) {
    parameters.push({
      name: strings.at(view.getUint32(entry, little)),
      type: view.getUint32(entry + 4, little),
    });
  }
  return { kind: 'func_proto', returns: view.getUint32(offset + 8, little), parameters };
}

function decodeDataSection(
  { view, littleEndian: little }: TypeBytes,
  offset: number,
  name: string,
): BtfDataSection {
  const variables: { readonly type: number; readonly offset: number; readonly size: number }[] = [];
  const end = offset + 12 + (view.getUint32(offset + 4, little) & 0xffff) * 12;
  for (let entry = offset + 12; entry < end; entry += 12) {
    variables.push({
      type: view.getUint32(entry, little),
      offset: view.getUint32(entry + 4, little),
      size: view.getUint32(entry + 8, little),
    });
  }
  return { kind: 'datasec', name, size: view.getUint32(offset + 8, little), variables };
}
