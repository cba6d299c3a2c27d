/** The fields of a stored struct: those of anonymous structs and unions are the outer one's, bitfields are taken out of their words. */
import type { Member, StructType } from '../../compiler/types/type.ts';
import { type Cell, viewOf } from './read.ts';

export interface Field {
  readonly name: string;
  readonly cell: Cell;
}

export function fieldsOf(type: StructType, { bytes, offset }: Cell): readonly Field[] {
  return type.members.list().flatMap((member): readonly Field[] => {
    const cell = cellOf(member, bytes, offset + member.offset);
    if (member.name === '' && member.type.kind === 'struct') return fieldsOf(member.type, cell);
    // A bitfield without a name is padding.
    return member.name === '' ? [] : [{ name: member.name, cell }];
  });
}

function cellOf({ type, bitfield }: Member, bytes: Uint8Array, offset: number): Cell {
  if (bitfield === undefined) return { type, bytes, offset };
  const { storage, shift, bits } = bitfield;
  const word = readWord(bytes.subarray(offset, offset + storage)) >> BigInt(shift);
  const signed = type.kind === 'integer' && type.signed;
  const value = signed ? BigInt.asIntN(bits, word) : BigInt.asUintN(bits, word);
  const whole = new Uint8Array(8);
  viewOf(whole).setBigInt64(0, BigInt.asIntN(64, value), true);
  return { type, bytes: whole, offset: 0 };
}

/** Little endian. */
function readWord(bytes: Uint8Array): bigint {
  return bytes.reduceRight((word, byte) => (word << 8n) | BigInt(byte), 0n);
}
