/** BTF, the types of kernels and programs: reading, building, joining, layouts and names. */
export type * from './btf.ts';
export * from './builder.ts';
export * from './copy-types.ts';
export * from './dump/index.ts';
export type * from './ext.ts';
export * from './find-member.ts';
export * from './layout.ts';
export * from './merge.ts';
export * from './read.ts';
export * from './read-ext.ts';
export * from './references.ts';
export * from './subset.ts';
export type * from './type.ts';
export * from './type-name.ts';
export * from './verify.ts';
export * from './write-ext.ts';
