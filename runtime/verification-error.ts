import type { Explanation } from '../verifier/index.ts';

/** A program that Linux would refuse, and why. */
export interface RefusedProgram {
  readonly name: string;
  readonly section: string;
  readonly explanation: Explanation;
}

/** What is to be loaded would be refused by Linux; nothing was loaded. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly programs: readonly RefusedProgram[];

  constructor(programs: readonly RefusedProgram[]) {
    super(`Linux would refuse ${programs.map(({ name }) => name).join(', ')}`);
    this.programs = programs;
  }
}
