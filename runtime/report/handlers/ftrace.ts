/** Records of the function tracer, stack traces, and `trace_printk` in its binary form. */

import { symbolText } from '../../../bpf/print-format/pointers.ts';
import { readNumber } from '../../../bpf/print-format/record.ts';
import type { EventCursor } from '../../recording/event-recording.ts';
import { type EventText, fieldOf, type HandlerTools, numberReaders } from './handler.ts';

/** Functions a CPU is in, as the parents of its records tell. */
const MAX_STACK = 1024;
const INDENT = 3;

/** The function's name, indented below its parent where that was seen. */
export function functionEntry(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['ip', 'parent_ip']);
  if (numbers === undefined) return tools.pretty;
  const { environment } = tools;
  const stacks = new Map<number, string[]>();
  return (record) => {
    const address = numbers.ip(record);
    const name = environment.symbolAt(address)?.name;
    const parent = environment.symbolAt(numbers.parent_ip(record))?.name;
    const depth = parent === undefined ? 0 : indexIn(stackOf(stacks, record.cpu), parent, name);
    return ' '.repeat(depth * INDENT) + (name ?? `0x${address.toString(16)}`);
  };
}

function stackOf(stacks: Map<number, string[]>, cpu: number): string[] {
  const stack = stacks.get(cpu) ?? [];
  stacks.set(cpu, stack);
  return stack;
}

/** The parent's place in the stack; the function comes to stand above it. */
function indexIn(stack: string[], parent: string, child: string | undefined): number {
  let index = stack.indexOf(parent);
  if (index < 0) {
    stack[0] = parent;
    index = 0;
  }
  if (child !== undefined && index + 1 < MAX_STACK) stack[index + 1] = child;
  return index;
}

/** One line a frame, from the innermost, up to an address of all ones. */
export function kernelStack(tools: HandlerTools): EventText {
  const field = fieldOf(tools.event, 'caller');
  if (field === undefined) return tools.pretty;
  const { environment } = tools;
  const { longSize } = environment;
  return (record) => {
    const lines = ['<stack trace >'];
    for (let at = field.offset; at + longSize <= record.length; at += longSize) {
      const address = readNumber(record, at, longSize);
      if (BigInt.asIntN(32, address) === -1n) break;
      const name = environment.symbolAt(address)?.name;
      const digits = address.toString(16);
      lines.push(name === undefined ? `=> ${digits}` : `=> ${name} (${digits})`);
    }
    return `${lines.join('\n')}\n`;
  };
}

/** `trace_raw_data`: its id and bytes. */
export function rawData(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['id']);
  const field = fieldOf(tools.event, 'buf');
  if (numbers === undefined || field === undefined) return tools.pretty;
  return (record) => {
    let text = `# ${numbers.id(record).toString(16)}`;
    const end = record.offset + record.length;
    for (let at = record.offset + field.offset; at < end; at++) {
      text += ` ${record.bytes[at]!.toString(16).padStart(2, '0')}`;
    }
    return text;
  };
}

/** Calls of one function in a row, folded by the kernel. */
export function functionRepeats(tools: HandlerTools): EventText {
  const entry = functionEntry(tools);
  const numbers = numberReaders(tools.event, ['count', 'top_delta_ts', 'bottom_delta_ts']);
  if (numbers === undefined) return tools.pretty;
  return (record) => {
    const delta = (numbers.top_delta_ts(record) << 32n) | numbers.bottom_delta_ts(record);
    const last = BigInt.asUintN(64, timeOf(record) - delta);
    const micros = (last + 500n) / 1000n;
    const time = `${String(micros / 1_000_000n).padStart(5)}.${String(micros % 1_000_000n).padStart(6, '0')}`;
    return `${entry(record)} (count: ${numbers.count(record)}  last_ts: ${time})`;
  };
}

function timeOf(record: EventCursor): bigint {
  return (BigInt(record.timeHigh >>> 0) << 32n) | BigInt(record.timeLow >>> 0);
}

/** The function a binary printk was in, then its text. */
export function printkPlace(tools: HandlerTools, address: bigint): string {
  return `${symbolText(address, false, tools.environment)}: `;
}
