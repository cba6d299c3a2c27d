/** Constructors that read as assembly. */
export * from './alu.ts';
export * from './atomic.ts';
export * from './jump.ts';
export * from './memory.ts';
export * from './operand.ts';
export * from './wide.ts';
