/** What is wrong with an encoded or an encodable program: data, never thrown. */

export interface InstructionProblem {
  readonly kind:
    | 'truncated'
    | 'unknown-opcode'
    | 'register'
    | 'reserved-field'
    | 'wide'
    | 'range'
    | 'reference'
    | 'level';
  /** Index of the eight-byte slot. */
  readonly slot: number;
  /** Bytes from the start of the program. */
  readonly offset: number;
  readonly message: string;
}

/** `slot 3 (byte 24): message`. */
export function formatProblem(problem: InstructionProblem): string {
  return `slot ${problem.slot} (byte ${problem.offset}): ${problem.message}`;
}
