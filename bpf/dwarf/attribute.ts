/** The value of an attribute (DWARF 5, section 7.5.4), by what it stands for rather than how it is written. */
import type { AttributeSpec } from './abbreviations.ts';
import { FORM } from './constants.ts';
import type { DwarfCursor } from './cursor.ts';
import { type FormSizes, indirectForm, skipForm } from './skip.ts';

export type AttributeValue =
  | { readonly kind: 'address'; readonly value: bigint }
  /** Index into the unit's part of `.debug_addr`. */
  | { readonly kind: 'address index'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'block'; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'text offset';
      readonly section: '.debug_str' | '.debug_line_str';
      readonly offset: number;
    }
  /** Index into the unit's part of `.debug_str_offsets`. */
  | { readonly kind: 'text index'; readonly index: number }
  /** An entry of the same section, from the section's start. */
  | { readonly kind: 'reference'; readonly offset: number }
  /** A type unit. */
  | { readonly kind: 'signature'; readonly value: bigint }
  /** An offset into the section the attribute belongs to. */
  | { readonly kind: 'section offset'; readonly offset: number }
  | { readonly kind: 'list index'; readonly index: number }
  /** In another file (`.gnu_debugaltlink`, `.debug_sup`), which this reader does not open. */
  | { readonly kind: 'elsewhere' };

/** Where the unit that holds the entry begins, for references within it. */
export interface FormContext extends FormSizes {
  readonly unitOffset: number;
}

/** Reads the value the cursor stands at. @throws FormatError */
export function readValue(cursor: DwarfCursor, spec: AttributeSpec, context: FormContext): AttributeValue {
  const form = spec.form === FORM.indirect ? indirectForm(cursor) : spec.form;
  return (
    addressValue(cursor, form, context) ??
    constantValue(cursor, form, spec.implicit) ??
    blockValue(cursor, form) ??
    textValue(cursor, form, context) ??
    referenceValue(cursor, form, context) ??
    elsewhereValue(cursor, form, context)
  );
}

function addressValue(cursor: DwarfCursor, form: number, sizes: FormSizes): AttributeValue | undefined {
  const what = 'an address';
  switch (form) {
    case FORM.addr:
      return { kind: 'address', value: cursor.unsigned(sizes.address, what) };
    case FORM.addrx:
    case FORM.gnuAddrIndex:
      return { kind: 'address index', index: cursor.uleb(what) };
    case FORM.addrx1:
      return { kind: 'address index', index: cursor.u8(what) };
    case FORM.addrx2:
      return { kind: 'address index', index: cursor.u16(what) };
    case FORM.addrx3:
      return { kind: 'address index', index: cursor.u24(what) };
    case FORM.addrx4:
      return { kind: 'address index', index: cursor.u32(what) };
    default:
      return undefined;
  }
}

function constantValue(
  cursor: DwarfCursor,
  form: number,
  implicit: bigint | undefined,
): AttributeValue | undefined {
  const what = 'a constant';
  const constant = (value: bigint): AttributeValue => ({ kind: 'constant', value });
  switch (form) {
    case FORM.data1:
    case FORM.flag:
      return constant(cursor.unsigned(1, what));
    case FORM.data2:
      return constant(cursor.unsigned(2, what));
    case FORM.data4:
      return constant(cursor.unsigned(4, what));
    case FORM.data8:
      return constant(cursor.u64(what));
    case FORM.sdata:
      return constant(cursor.slebBig(what));
    case FORM.udata:
      return constant(cursor.ulebBig(what));
    case FORM.flagPresent:
      return constant(1n);
    case FORM.implicitConst:
      return constant(implicit ?? 0n);
    default:
      return undefined;
  }
}

function blockValue(cursor: DwarfCursor, form: number): AttributeValue | undefined {
  const what = 'a block';
  const block = (length: number): AttributeValue => ({ kind: 'block', bytes: cursor.take(length, what) });
  switch (form) {
    case FORM.block1:
      return block(cursor.u8(what));
    case FORM.block2:
      return block(cursor.u16(what));
    case FORM.block4:
      return block(cursor.u32(what));
    case FORM.block:
    case FORM.exprloc:
      return block(cursor.uleb(what));
    case FORM.data16:
      return block(16);
    default:
      return undefined;
  }
}

function textValue(cursor: DwarfCursor, form: number, sizes: FormSizes): AttributeValue | undefined {
  const what = 'a text';
  switch (form) {
    case FORM.string:
      return { kind: 'text', text: cursor.inlineText(what) };
    case FORM.strp:
      return { kind: 'text offset', section: '.debug_str', offset: cursor.offset(sizes.offset, what) };
    case FORM.lineStrp:
      return { kind: 'text offset', section: '.debug_line_str', offset: cursor.offset(sizes.offset, what) };
    case FORM.strx:
    case FORM.gnuStrIndex:
      return { kind: 'text index', index: cursor.uleb(what) };
    case FORM.strx1:
      return { kind: 'text index', index: cursor.u8(what) };
    case FORM.strx2:
      return { kind: 'text index', index: cursor.u16(what) };
    case FORM.strx3:
      return { kind: 'text index', index: cursor.u24(what) };
    case FORM.strx4:
      return { kind: 'text index', index: cursor.u32(what) };
    default:
      return undefined;
  }
}

function referenceValue(cursor: DwarfCursor, form: number, context: FormContext): AttributeValue | undefined {
  const what = 'a reference';
  const inUnit = (offset: number): AttributeValue => ({
    kind: 'reference',
    offset: context.unitOffset + offset,
  });
  switch (form) {
    case FORM.ref1:
      return inUnit(cursor.u8(what));
    case FORM.ref2:
      return inUnit(cursor.u16(what));
    case FORM.ref4:
      return inUnit(cursor.u32(what));
    case FORM.ref8:
      return inUnit(cursor.size64(what));
    case FORM.refUdata:
      return inUnit(cursor.uleb(what));
    case FORM.refAddr: {
      const size = context.version <= 2 ? context.address : context.offset;
      return { kind: 'reference', offset: size === 8 ? cursor.size64(what) : cursor.u32(what) };
    }
    case FORM.refSig8:
      return { kind: 'signature', value: cursor.u64(what) };
    case FORM.secOffset:
      return { kind: 'section offset', offset: cursor.offset(context.offset, what) };
    case FORM.loclistx:
    case FORM.rnglistx:
      return { kind: 'list index', index: cursor.uleb(what) };
    default:
      return undefined;
  }
}

/** Supplementary files' forms, and an error for what no standard has. */
function elsewhereValue(cursor: DwarfCursor, form: number, sizes: FormSizes): AttributeValue {
  skipForm(cursor, form, sizes);
  return { kind: 'elsewhere' };
}
