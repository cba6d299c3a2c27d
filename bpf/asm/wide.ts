/** Symbolic wide immediates: `map[name]`, `map[name][0]+8`, `func[name]`, `ksym[name]`, and by number (see disasm/wide.ts). */

import { instruction, reg } from '../build/operand.ts';
import { lddwFunction, lddwKsym, lddwMap, lddwMapValue } from '../build/wide.ts';
import { WideKind } from '../fields.ts';
import type { Instruction, Register } from '../instruction.ts';
import type { Cursor } from './cursor.ts';
import { acceptNumber, expectBounded, type RegisterOperand } from './operand.ts';

const INT_MIN = -0x8000_0000;
const INT_MAX = 0x7fff_ffff;

/** What follows `rN =` when it names something; undefined when it does not. */
export function wideValue(cursor: Cursor, dst: RegisterOperand): Instruction | undefined {
  const start = cursor.at;
  const kind = cursor.take(/(map|map_value|func|ksym|wide)\s*\[/y);
  if (kind === undefined) return undefined;
  if (dst.bits !== 64) cursor.fail('an address needs a 64-bit register', start);
  const to = reg(dst.number);
  switch (kind[1]) {
    case 'map':
    case 'map_value':
      return mapAddress(cursor, to, kind[1] === 'map_value');
    case 'func': {
      const distance = cursor.take(/pc\s*(?=[+-])/y) && acceptNumber(cursor);
      const name = distance === undefined ? symbol(cursor) : '';
      cursor.expect(']');
      if (distance === undefined) return lddwFunction(to, name);
      return numbered(to, WideKind.func, Number(BigInt.asIntN(32, distance.value)), 0);
    }
    case 'ksym': {
      const id = cursor.take(/id:/y) && expectBounded(cursor, INT_MIN, INT_MAX, 'BTF id');
      const name = id === undefined ? symbol(cursor) : '';
      cursor.expect(']');
      return id === undefined ? lddwKsym(to, name) : numbered(to, WideKind.btfId, id, 0);
    }
    default:
      return raw(cursor, to);
  }
}

function mapAddress(cursor: Cursor, to: ReturnType<typeof reg>, isValue: boolean): Instruction {
  const numeric = cursor.take(/(fd|idx):/y);
  if (numeric === undefined) {
    const name = symbol(cursor);
    cursor.expect(']');
    const offset = valueOffset(cursor, isValue);
    return offset === undefined ? lddwMap(to, name) : lddwMapValue(to, name, offset);
  }
  const number = expectBounded(cursor, INT_MIN, INT_MAX, 'map number');
  cursor.expect(']');
  const offset = valueOffset(cursor, isValue);
  const isFd = numeric[1] === 'fd';
  if (offset === undefined) return numbered(to, isFd ? WideKind.mapFd : WideKind.mapIdx, number, 0);
  return numbered(to, isFd ? WideKind.mapValue : WideKind.mapIdxValue, number, offset);
}

/** `[0]+8` after a map: an address inside its value. Undefined when the map itself is meant. */
function valueOffset(cursor: Cursor, isValue: boolean): number | undefined {
  if (cursor.take(/\[\s*0\s*\]/y) === undefined && !isValue) return undefined;
  if (!cursor.accept('+')) return 0;
  return expectBounded(cursor, 0, 0xffff_ffff, 'offset');
}

function raw(cursor: Cursor, to: ReturnType<typeof reg>): Instruction {
  const src = expectBounded(cursor, 0, 10, 'kind') as Register;
  cursor.expect(',');
  const imm = expectBounded(cursor, INT_MIN, INT_MAX, 'low half');
  cursor.expect(',');
  const high = expectBounded(cursor, INT_MIN, INT_MAX, 'high half');
  cursor.expect(']');
  return numbered(to, src, imm, high);
}

function numbered(to: ReturnType<typeof reg>, src: Register, imm: number, high: number): Instruction {
  return instruction('lddw', { dst: to, src, imm, immHigh: high | 0 });
}

function symbol(cursor: Cursor): string {
  // Map names may hold more than C's letters: libbpf makes `.rodata.str1.1`.
  return cursor.take(/[^\]\s]+/y)?.[0] ?? cursor.fail('expected a name');
}
