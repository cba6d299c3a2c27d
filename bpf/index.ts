/** The formats everybody speaks: instructions and their text, helpers, maps, programs, kernel profiles, objects. */
export * from './asm/index.ts';
export * from './attach-point.ts';
/** Constructors stand apart: their names (`exit`, `call`, `and64`) are short because they are used as assembly. */
export * as build from './build/index.ts';
export * from './contexts.ts';
export * from './decode.ts';
export * from './diagnostic.ts';
export * from './disasm/index.ts';
export * from './encode.ts';
export * from './event-field-type.ts';
export * from './event-format.ts';
export * from './fields.ts';
export * from './helpers/index.ts';
export * from './instruction.ts';
export * from './kernel-info.ts';
export * from './kernel-release.ts';
export * from './labels.ts';
export * from './link.ts';
export * from './maps.ts';
export * from './object.ts';
export * from './opcodes.ts';
export * from './problem.ts';
export * from './profiles/index.ts';
export * from './programs.ts';
export * from './sections.ts';
export * from './span.ts';
