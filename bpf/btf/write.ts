/** Types to bytes: the `.BTF` section, in either byte order. What the format has no room for is a RangeError. */
import type { StringSectionBuilder } from './string-section-builder.ts';
import type { BtfComposite, BtfEnum, BtfInt, BtfType } from './type.ts';
import {
  BTF_HEADER_SIZE,
  BTF_MAGIC,
  BTF_MAX_VLEN,
  BTF_TYPE_SIZE,
  BTF_VERSION,
  INT_BOOL,
  INT_CHAR,
  INT_SIGNED,
  KIND,
  LINKAGES,
  TAILS,
} from './wire.ts';

const MAX_BITFIELD_OFFSET = 0xff_ffff;

/** `strings` takes the names that it does not have. @throws RangeError */
export function writeBtf(
  types: readonly BtfType[],
  strings: StringSectionBuilder,
  littleEndian: boolean,
): Uint8Array {
  const typesSize = types.reduce((size, type) => size + sizeOfType(type), 0);
  const body = new DataView(new ArrayBuffer(typesSize));
  const writer = new TypeWriter(body, strings, littleEndian);
  for (const type of types) writer.write(type);
  const text = strings.bytes();
  const bytes = new Uint8Array(BTF_HEADER_SIZE + typesSize + text.length);
  const header = new DataView(bytes.buffer);
  header.setUint16(0, BTF_MAGIC, littleEndian);
  header.setUint8(2, BTF_VERSION);
  header.setUint32(4, BTF_HEADER_SIZE, littleEndian);
  header.setUint32(8, 0, littleEndian);
  header.setUint32(12, typesSize, littleEndian);
  header.setUint32(16, typesSize, littleEndian);
  header.setUint32(20, text.length, littleEndian);
  bytes.set(new Uint8Array(body.buffer), BTF_HEADER_SIZE);
  bytes.set(text, BTF_HEADER_SIZE + typesSize);
  return bytes;
}

function sizeOfType(type: BtfType): number {
  const { fixed, entry } = TAILS[KIND[type.kind]]!;
  return BTF_TYPE_SIZE + fixed + entry * entriesOf(type);
}

function entriesOf(type: BtfType): number {
  switch (type.kind) {
    case 'struct':
    case 'union':
      return type.members.length;
    case 'enum':
    case 'enum64':
      return type.values.length;
    case 'func_proto':
      return type.parameters.length;
    case 'datasec':
      return type.variables.length;
    default:
      return 0;
  }
}

class TypeWriter {
  readonly #view: DataView;
  readonly #strings: StringSectionBuilder;
  readonly #little: boolean;
  #at = 0;

  constructor(view: DataView, strings: StringSectionBuilder, littleEndian: boolean) {
    this.#view = view;
    this.#strings = strings;
    this.#little = littleEndian;
  }

  write(type: BtfType): void {
    switch (type.kind) {
      case 'void':
        throw new RangeError('void is no type of a table');
      case 'int':
        this.#head(type.kind, type.name, type.size);
        this.#word(intData(type));
        return;
      case 'float':
        this.#head(type.kind, type.name, type.size);
        return;
      case 'ptr':
      case 'const':
      case 'volatile':
      case 'restrict':
        this.#head(type.kind, '', type.type);
        return;
      case 'typedef':
        this.#head(type.kind, type.name, type.type);
        return;
      case 'type_tag':
        this.#head(type.kind, type.name, type.type, 0, type.attribute);
        return;
      case 'decl_tag':
        this.#head(type.kind, type.name, type.type, 0, type.attribute);
        this.#word(type.component);
        return;
      case 'fwd':
        this.#head(type.kind, type.name, 0, 0, type.of === 'union');
        return;
      case 'func':
        this.#head(type.kind, type.name, type.type, LINKAGES.indexOf(type.linkage));
        return;
      case 'var':
        this.#head(type.kind, type.name, type.type);
        this.#word(LINKAGES.indexOf(type.linkage));
        return;
      case 'array':
        this.#head(type.kind, '', 0);
        this.#word(type.element);
        this.#word(type.index);
        this.#word(type.count);
        return;
      case 'struct':
      case 'union':
        this.#composite(type);
        return;
      case 'enum':
      case 'enum64':
        this.#enum(type);
        return;
      case 'func_proto':
        this.#head(type.kind, '', type.returns, type.parameters.length);
        for (const parameter of type.parameters) {
          this.#name(parameter.name);
          this.#word(parameter.type);
        }
        return;
      case 'datasec':
        this.#head(type.kind, type.name, type.size, type.variables.length);
        for (const variable of type.variables) {
          this.#word(variable.type);
          this.#word(variable.offset);
          this.#word(variable.size);
        }
        return;
      default: {
        throw new RangeError(`there is no kind ${(type satisfies never as BtfType).kind}`);
      }
    }
  }

  #composite({ kind, name, size, members }: BtfComposite): void {
    const flag = members.some((member) => member.bitSize !== 0);
    this.#head(kind, name, size, members.length, flag);
    for (const member of members) {
      if (flag && (member.bitOffset > MAX_BITFIELD_OFFSET || member.bitSize > 0xff)) {
        throw new RangeError(`${kind} ${name}: ${member.name} is too far off for a struct with bitfields`);
      }
      this.#name(member.name);
      this.#word(member.type);
      this.#word((member.bitSize << 24) | member.bitOffset);
    }
  }

  #enum({ kind, name, size, signed, values }: BtfEnum): void {
    this.#head(kind, name, size, values.length, signed);
    for (const { name: text, value } of values) {
      this.#name(text);
      const bits = BigInt.asUintN(64, value);
      this.#word(Number(bits & 0xffff_ffffn));
      if (kind === 'enum64') this.#word(Number(bits >> 32n));
      else if (BigInt.asIntN(32, value) !== value && BigInt.asUintN(32, value) !== value) {
        throw new RangeError(`enum ${name}: ${text} is ${value}, which takes an enum64`);
      }
    }
  }

  #head(kind: keyof typeof KIND, name: string, word: number, vlen = 0, flag = false): void {
    if (vlen > BTF_MAX_VLEN) {
      throw new RangeError(`${kind} ${name} has ${vlen} entries, and at most ${BTF_MAX_VLEN} go in`);
    }
    this.#name(name);
    this.#word(((flag ? 1 << 31 : 0) | (KIND[kind] << 24) | vlen) >>> 0);
    this.#word(word);
  }

  #name(text: string): void {
    this.#word(this.#strings.add(text));
  }

  #word(value: number): void {
    this.#view.setUint32(this.#at, value, this.#little);
    this.#at += 4;
  }
}

function intData({ signed, encoding, bits, bitOffset }: BtfInt): number {
  const special = encoding === 'char' ? INT_CHAR : encoding === 'bool' ? INT_BOOL : 0;
  return ((special | (signed ? INT_SIGNED : 0)) << 24) | (bitOffset << 16) | bits;
}
