/**
 * What a walk back is looking for: registers and stack slots, frame by frame, whose value matters (`struct backtrack_state`).
 * A set is two words a frame for the 64 slots and one for the registers.
 */

/** Frames of the longest chain of calls, `MAX_CALL_FRAMES`. */
const FRAMES = 8;

export class Wanted {
  /** Frame of the instruction that is walked over. */
  frame = 0;
  readonly #registers = new Int32Array(FRAMES);
  readonly #low = new Int32Array(FRAMES);
  readonly #high = new Int32Array(FRAMES);

  /** Nothing is looked for. */
  clear(): void {
    for (let i = 0; i < FRAMES; i++) {
      this.#registers[i] = 0;
      this.#low[i] = 0;
      this.#high[i] = 0;
    }
  }

  get isEmpty(): boolean {
    let all = 0;
    for (let i = 0; i <= this.frame; i++) all |= this.#registers[i]! | this.#low[i]! | this.#high[i]!;
    return all === 0;
  }

  /** Registers of a frame as bits. */
  registers(frame: number): number {
    return this.#registers[frame]!;
  }

  hasRegister(frame: number, register: number): boolean {
    return ((this.#registers[frame]! >>> register) & 1) === 1;
  }

  addRegister(frame: number, register: number): void {
    this.#registers[frame]! |= 1 << register;
  }

  removeRegister(frame: number, register: number): void {
    this.#registers[frame]! &= ~(1 << register);
  }

  /** Some slot of the frame. */
  hasSlots(frame: number): boolean {
    return (this.#low[frame]! | this.#high[frame]!) !== 0;
  }

  /** The slots as a hexadecimal number. */
  slotsHex(frame: number): string {
    const low = (this.#low[frame]! >>> 0).toString(16);
    const high = this.#high[frame]! >>> 0;
    return high === 0 ? low : high.toString(16) + low.padStart(8, '0');
  }

  hasSlot(frame: number, spi: number): boolean {
    const word = spi < 32 ? this.#low[frame]! : this.#high[frame]!;
    return ((word >>> (spi & 31)) & 1) === 1;
  }

  addSlot(frame: number, spi: number): void {
    if (spi < 32) this.#low[frame]! |= 1 << spi;
    else this.#high[frame]! |= 1 << (spi & 31);
  }

  removeSlot(frame: number, spi: number): void {
    if (spi < 32) this.#low[frame]! &= ~(1 << spi);
    else this.#high[frame]! &= ~(1 << (spi & 31));
  }

  /** `r0,r6`, as the logs list registers. */
  registersText(frame: number): string {
    const names: string[] = [];
    for (let i = 0; i < 32; i++) if (this.hasRegister(frame, i)) names.push(`r${i}`);
    return names.join(',');
  }

  /** `-8,-24`, as the logs list slots. */
  slotsText(frame: number): string {
    const names: string[] = [];
    for (let spi = 0; spi < 64; spi++) if (this.hasSlot(frame, spi)) names.push(String(-(spi + 1) * 8));
    return names.join(',');
  }
}
