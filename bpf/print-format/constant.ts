/** Values of the constant expressions in `{ value, "text" }` lists. */
import { applyBinary, applyUnary, castTo } from './arithmetic.ts';
import type { PrintExpression } from './expression.ts';

/** Enumerators that the kernel's formats name without their values. */
const ENUMERATORS: ReadonlyMap<string, bigint> = new Map([
  ['HI_SOFTIRQ', 0n],
  ['TIMER_SOFTIRQ', 1n],
  ['NET_TX_SOFTIRQ', 2n],
  ['NET_RX_SOFTIRQ', 3n],
  ['BLOCK_SOFTIRQ', 4n],
  ['IRQ_POLL_SOFTIRQ', 5n],
  ['TASKLET_SOFTIRQ', 6n],
  ['SCHED_SOFTIRQ', 7n],
  ['HRTIMER_SOFTIRQ', 8n],
  ['RCU_SOFTIRQ', 9n],
  ['HRTIMER_NORESTART', 0n],
  ['HRTIMER_RESTART', 1n],
]);

/** 64 bits; a name without a known value is all ones, which no flag matches. Undefined when it is no constant. */
export function constantOf(expression: PrintExpression): bigint | undefined {
  switch (expression.kind) {
    case 'number':
      if (/^[0-9]/.test(expression.text) || expression.value !== 0n) return expression.value;
      return ENUMERATORS.get(expression.text) ?? 0xffff_ffff_ffff_ffffn;
    case 'cast': {
      const value = constantOf(expression.operand);
      return value === undefined ? undefined : castTo(expression.type, value);
    }
    case 'unary': {
      const value = constantOf(expression.operand);
      return value === undefined ? undefined : applyUnary(expression.operator, value);
    }
    case 'binary': {
      const left = constantOf(expression.left);
      const right = constantOf(expression.right);
      return left === undefined || right === undefined
        ? undefined
        : applyBinary(expression.operator, left, right);
    }
    default:
      return undefined;
  }
}
