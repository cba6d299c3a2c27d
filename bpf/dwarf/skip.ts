/** Skipping what nobody asks for: the size of each form (DWARF 5, section 7.5.5), or how to find it. */
import { FORM } from './constants.ts';
import type { DwarfCursor } from './cursor.ts';

/** What the sizes of forms hang on. */
export interface FormSizes {
  /** Bytes of an address. */
  readonly address: number;
  /** Bytes of an offset into a section. */
  readonly offset: 4 | 8;
  readonly version: number;
}

/** Steps that are no number of bytes. */
export const SKIP_VARIABLE = {
  leb: -1,
  text: -2,
  block1: -3,
  block2: -4,
  block4: -5,
  block: -6,
  indirect: -7,
  unknown: -8,
} as const;

/** Bytes of a value of this form, or one of {@link SKIP_VARIABLE}. */
export function skipStep(form: number, sizes: FormSizes): number {
  switch (form) {
    case FORM.flagPresent:
    case FORM.implicitConst:
      return 0;
    case FORM.data1:
    case FORM.ref1:
    case FORM.flag:
    case FORM.strx1:
    case FORM.addrx1:
      return 1;
    case FORM.data2:
    case FORM.ref2:
    case FORM.strx2:
    case FORM.addrx2:
      return 2;
    case FORM.strx3:
    case FORM.addrx3:
      return 3;
    case FORM.data4:
    case FORM.ref4:
    case FORM.refSup4:
    case FORM.strx4:
    case FORM.addrx4:
      return 4;
    case FORM.data8:
    case FORM.ref8:
    case FORM.refSig8:
    case FORM.refSup8:
      return 8;
    case FORM.data16:
      return 16;
    case FORM.addr:
      return sizes.address;
    case FORM.strp:
    case FORM.secOffset:
    case FORM.lineStrp:
    case FORM.strpSup:
    case FORM.gnuRefAlt:
    case FORM.gnuStrpAlt:
      return sizes.offset;
    case FORM.refAddr:
      // DWARF 2 gave it the size of an address.
      return sizes.version <= 2 ? sizes.address : sizes.offset;
    case FORM.string:
      return SKIP_VARIABLE.text;
    case FORM.block1:
      return SKIP_VARIABLE.block1;
    case FORM.block2:
      return SKIP_VARIABLE.block2;
    case FORM.block4:
      return SKIP_VARIABLE.block4;
    case FORM.block:
    case FORM.exprloc:
      return SKIP_VARIABLE.block;
    case FORM.indirect:
      return SKIP_VARIABLE.indirect;
    case FORM.sdata:
    case FORM.udata:
    case FORM.refUdata:
    case FORM.strx:
    case FORM.addrx:
    case FORM.loclistx:
    case FORM.rnglistx:
    case FORM.gnuAddrIndex:
    case FORM.gnuStrIndex:
      return SKIP_VARIABLE.leb;
    default:
      return SKIP_VARIABLE.unknown;
  }
}

/** Moves behind the attributes of an entry. @throws FormatError */
export function skipEntry(cursor: DwarfCursor, steps: readonly number[], sizes: FormSizes): void {
  for (const step of steps) skip(cursor, step, sizes);
}

export function skipForm(cursor: DwarfCursor, form: number, sizes: FormSizes): void {
  skip(cursor, skipStep(form, sizes), sizes);
}

function skip(cursor: DwarfCursor, step: number, sizes: FormSizes): void {
  if (step >= 0) cursor.skip(step, 'an entry');
  else if (step === SKIP_VARIABLE.leb) cursor.skipLeb('an attribute');
  else if (step === SKIP_VARIABLE.text) cursor.skipText('a text');
  else if (step === SKIP_VARIABLE.indirect) skipForm(cursor, indirectForm(cursor), sizes);
  else cursor.skip(blockLength(cursor, step), 'a block');
}

function blockLength(cursor: DwarfCursor, step: number): number {
  const what = 'the length of a block';
  switch (step) {
    case SKIP_VARIABLE.block1:
      return cursor.u8(what);
    case SKIP_VARIABLE.block2:
      return cursor.u16(what);
    case SKIP_VARIABLE.block4:
      return cursor.u32(what);
    case SKIP_VARIABLE.block:
      return cursor.uleb(what);
    default:
      return cursor.fail('an attribute has a form this reader does not know');
  }
}

/** The form that `DW_FORM_indirect` says in the entry. */
export function indirectForm(cursor: DwarfCursor): number {
  const form = cursor.uleb('a form');
  if (form === FORM.indirect || form === FORM.implicitConst) {
    cursor.fail(`form 0x${form.toString(16)} cannot be indirect`);
  }
  return form;
}
