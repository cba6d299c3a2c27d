/** High-resolution timers with the function they call. */
import type { PrintEnvironment } from '../../../bpf/print-format/environment.ts';
import { type EventText, type HandlerTools, numberReaders } from './handler.ts';

export function hrtimerExpire(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['hrtimer', 'now', 'function']);
  if (numbers === undefined) return tools.pretty;
  return (record) => {
    const called = calledText(numbers.function(record), tools.environment);
    return `hrtimer=0x${numbers.hrtimer(record).toString(16)} now=${numbers.now(record)}${called}`;
  };
}

export function hrtimerStart(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['hrtimer', 'function', 'expires', 'softexpires']);
  if (numbers === undefined) return tools.pretty;
  return (record) => {
    const called = calledText(numbers.function(record), tools.environment);
    const expires = `expires=${numbers.expires(record)} softexpires=${numbers.softexpires(record)}`;
    return `hrtimer=0x${numbers.hrtimer(record).toString(16)}${called} ${expires}`;
  };
}

/** The offset counts backwards, from the address to the function's start. */
function calledText(address: bigint, environment: PrintEnvironment): string {
  const symbol = environment.symbolAt(address);
  if (symbol === undefined) return ` function=0x${address.toString(16).padStart(8, '0')}`;
  const offset = BigInt.asUintN(64, symbol.address - address).toString(16);
  return ` function=${symbol.name}/0x${offset}`;
}
