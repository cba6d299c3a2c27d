/**
 * Base types that C has no word for. Compilers name some of their own (`__Poly8_t` of Arm, `bool` and `u8` of Rust,
 * `_Float16`); a header that uses them must say first what they are.
 */
import type { BtfFloat, BtfInt } from '../type.ts';

const C_WORDS: RegExp =
  /^(?:(?:signed|unsigned|char|short|int|long|_Bool|__int128|float|double|_Complex)(?: |$))+$/;

/** Whether a compiler knows the name as it stands. */
export function isCBaseType(name: string): boolean {
  return C_WORDS.test(name);
}

/** The C type of the same size, sign and kind. */
export function substituteOf(type: BtfInt | BtfFloat): string {
  return type.kind === 'float' ? floatOf(type.size) : intOf(type);
}

function intOf(type: BtfInt): string {
  if (type.encoding === 'bool' && type.size === 1) return '_Bool';
  if (type.encoding === 'char' && type.size === 1) return type.signed ? 'signed char' : 'unsigned char';
  return `${type.signed ? '' : 'unsigned '}${wordOf(type.size)}`;
}

/** BPF has no half or quadruple floats: bits of the same size and alignment keep the layout. */
function floatOf(size: number): string {
  if (size === 4) return 'float';
  if (size === 8) return 'double';
  return `unsigned ${wordOf(size)}`;
}

function wordOf(size: number): string {
  switch (size) {
    case 1:
      return 'char';
    case 2:
      return 'short';
    case 8:
      return 'long long';
    case 16:
      return '__int128';
    default:
      return 'int';
  }
}
