/** BTF, the types of kernels and programs: reading, building, joining, layouts and names. */
export type * from './btf.ts';
export * from './read.ts';
export type * from './type.ts';
