/** Thrown while code is generated, where an instruction turns out to be one that only interpreters run. */
export class CannotCompile extends Error {
  override readonly name: string = 'CannotCompile';
  readonly instruction: number;
  readonly reason: string;

  constructor(instruction: number, reason: string) {
    super(`instruction ${instruction}: ${reason}`);
    this.instruction = instruction;
    this.reason = reason;
  }
}
