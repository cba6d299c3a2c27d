/** DWARF: functions and their types out of debugging information. */
export { Dwarf, openDwarf } from './dwarf.ts';
export type { DwarfSectionName, DwarfSections } from './sections.ts';
export type { FunctionCode, FunctionParameter, FunctionSignature } from './signature.ts';
export type {
  DwarfArray,
  DwarfBase,
  DwarfComposite,
  DwarfEnum,
  DwarfFunctionType,
  DwarfMember,
  DwarfModifier,
  DwarfParameter,
  DwarfPointer,
  DwarfType,
  DwarfTypedef,
  DwarfTypeId,
  DwarfUnknown,
  DwarfVoid,
} from './type.ts';
