/** The record of a function's call as kprobe programs see it: registers, all zero, and behind them the caller's name. */
import type { EventField, EventFormat } from '../../../bpf/event-format.ts';

/** sizeof(struct pt_regs) of x86-64 is 168; others are up to 336. */
const REGISTERS = 336;

const PARENT: EventField = {
  name: 'parent',
  type: 'char[]',
  declaration: 'char parent[]',
  offset: REGISTERS,
  size: 0,
  signed: true,
  common: false,
  kind: 'string',
  elementType: 'char',
  elementSize: 1,
  count: 0,
};

export function functionFormat(id: number, name: string): EventFormat {
  const printFormat = `"${name} <-%s", REC->parent`;
  return { id, system: 'ftrace', name: 'function', fields: [PARENT], size: REGISTERS, printFormat };
}
