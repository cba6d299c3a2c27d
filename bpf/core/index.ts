/** CO-RE: compile once, run everywhere. Applying an object's relocations for a kernel's types, and making them. */
export * from './access.ts';
export type * from './applied.ts';
export * from './error.ts';
export { type CoreField, fieldOf } from './field.ts';
export * from './local-types.ts';
export { essentialName } from './name.ts';
export { BAD_RELOCATION } from './patch.ts';
export * from './relocate.ts';
export * from './relocation.ts';
export { type CoreAccessor, type CoreSpec, describeSpec, parseAccess } from './spec.ts';
export * from './target.ts';
