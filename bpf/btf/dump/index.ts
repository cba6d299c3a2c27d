/** BTF as text: C declarations, the numbered raw form and JSON. */
export * from './dump.ts';
export * from './layout-text.ts';
export * from './raw-text.ts';
export type { BtfDumpProblem } from './work.ts';
