/**
 * The value of a register decides over safety: walk back and mark what it came from (`mark_chain_precision`), in the
 * current state's parents too.
 */
import type { Environment } from '../environment.ts';

/** Register `number` of the running frame. @throws Rejection when the walk back fails */
export function markPrecise(_env: Environment, _number: number): void {}

/** Registers (bits) of the running frame at once (`mark_chain_precision_batch` takes what the caller set). */
export function markPreciseAll(_env: Environment, _registers: number): void {}

/** Stack slot `spi` of frame `frame`. */
export function markSlotPrecise(_env: Environment, _frame: number, _spi: number): void {}
