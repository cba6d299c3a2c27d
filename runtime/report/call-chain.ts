/** The call chain of a record below its line, in the form of `perf script`. */
import type { PrintEnvironment } from '../../bpf/print-format/environment.ts';
import type { EventCursor } from '../recording/event-recording.ts';

/** A blank line ends a chain; records without one take no line. */
export function callChainText(cursor: EventCursor, environment: PrintEnvironment): string {
  const chain = cursor.callChain?.();
  if (chain === undefined) return '';
  const width = environment.longSize * 2;
  let text = '';
  for (const address of chain.kernel) text += frame(address, width, kernelPlace(address, environment));
  // Whose code it is would take the files that were mapped.
  for (const address of chain.user) text += frame(address, width, '[unknown] ([unknown])');
  return text === '' ? '' : `${text}\n`;
}

function frame(address: bigint, width: number, place: string): string {
  return `\t${address.toString(16).padStart(width)} ${place}\n`;
}

function kernelPlace(address: bigint, environment: PrintEnvironment): string {
  const symbol = environment.symbolAt(address);
  if (symbol === undefined) return '[unknown] ([kernel.kallsyms])';
  const offset = (address - symbol.address).toString(16);
  return `${symbol.name}+0x${offset} ([${symbol.module ?? 'kernel.kallsyms'}])`;
}
