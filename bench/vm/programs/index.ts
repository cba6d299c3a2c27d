/** The programs, in the order they are printed. */
import type { Program } from '../subject.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { CALLS } from './calls.ts';
import { EVENTS } from './events.ts';
import { HASHING } from './hashing.ts';
import { MEMORY } from './memory.ts';

export const PROGRAMS: readonly Program[] = [...ARITHMETIC, ...MEMORY, ...HASHING, ...EVENTS, ...CALLS];
