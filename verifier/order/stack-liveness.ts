/** Which stack slots may still be read (`bpf_mark_stack_read`, `bpf_mark_stack_write`, ... of 6.18): read and write marks. */
import type { Environment } from '../environment.ts';

/** The instruction at `env.slot` begins: nothing is written yet. */
export function resetStackMarks(_env: Environment): void {}

/** It reads slot `spi` of frame `frame`. */
export function markStackRead(_env: Environment, _frame: number, _spi: number): void {}

/** It overwrites all of slot `spi` of frame `frame` for certain. */
export function markStackWrite(_env: Environment, _frame: number, _spi: number): void {}

/** It is done. */
export function commitStackMarks(_env: Environment): void {}

/** A path ended: carry the marks backwards. */
export function updateLiveStack(_env: Environment): void {}
