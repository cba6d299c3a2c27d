/** Allocations with the function that asked, and TLB flushes with their reason in words. */
import { type EventText, type HandlerTools, numberReader, numberReaders } from './handler.ts';

/** `(function+0x1c) ` before the event's own text. */
export function callSite(tools: HandlerTools): EventText {
  const site = numberReader(tools.event, 'call_site');
  if (site === undefined) return tools.pretty;
  const { environment } = tools;
  return (record) => {
    const address = site(record);
    const symbol = environment.symbolAt(address);
    if (symbol === undefined) return tools.pretty(record);
    const offset = BigInt.asUintN(32, address - symbol.address).toString(16);
    return `(${symbol.name}+0x${offset}) ${tools.pretty(record)}`;
  };
}

/** Kernel `enum tlb_flush_reason`, as far as trace-cmd names it. */
const FLUSH_REASONS: readonly string[] = [
  'flush on task switch',
  'remote shootdown',
  'local shootdown',
  'local mm shootdown',
];

export function tlbFlush(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['pages', 'reason']);
  if (numbers === undefined) return tools.pretty;
  return (record) => {
    const reason = numbers.reason(record);
    const words = reason < 4n ? FLUSH_REASONS[Number(reason)]! : '';
    const pages = BigInt.asIntN(64, numbers.pages(record));
    return `pages=${pages} reason=${words} (${BigInt.asIntN(64, reason)})`;
  };
}
