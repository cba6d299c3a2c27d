/** The call chain of a record below its line, in the form of `perf script`. */
import type { EventCursor, EventRecording } from '../recording/event-recording.ts';

/** A blank line ends a chain; records without one take no line. */
export function callChainText(cursor: EventCursor, recording: EventRecording, longSize: 4 | 8): string {
  const chain = cursor.callChain?.();
  if (chain === undefined) return '';
  let text = '';
  const width = longSize * 2;
  for (const address of chain.kernel) {
    const symbol = recording.kernelSymbols().symbolAt(address);
    const name =
      symbol === undefined ? '[unknown]' : `${symbol.name}+0x${(address - symbol.address).toString(16)}`;
    text += `\t${address.toString(16).padStart(width)} ${name} ([${symbol?.module ?? 'kernel.kallsyms'}])\n`;
  }
  for (const address of chain.user)
    text += `\t${address.toString(16).padStart(width)} [unknown] ([unknown])\n`;
  return text === '' ? '' : `${text}\n`;
}
