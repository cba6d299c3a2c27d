/** BTF as text: C declarations, the numbered raw form and JSON. */
export * from './dump.ts';
export type { BtfDumpProblem } from './work.ts';
