/** The call chain of a record below its line, in the form of `perf script`. */
import type { PrintEnvironment } from '../../bpf/print-format/environment.ts';
import type { EventCursor } from '../recording/event-recording.ts';
import type { StackFrame, SymbolisedChain, SymbolPorts } from '../recording/perf-data/stack-frames.ts';

const KERNEL = '[kernel.kallsyms]';

export class CallChainText {
  private readonly environment: PrintEnvironment;
  private readonly ports: SymbolPorts;

  constructor(environment: PrintEnvironment, user: SymbolPorts['user']) {
    this.environment = environment;
    this.ports = { kernel: environment, ...(user === undefined ? {} : { user }) };
  }

  /** A blank line ends a chain; records without one take no line. */
  of(cursor: EventCursor): string {
    const chain = cursor.stackFrames?.(this.ports) ?? this.bareFrames(cursor);
    if (chain === undefined) return '';
    const width = this.environment.longSize * 2;
    let text = '';
    for (const frame of chain.kernel) text += frameText(frame, width);
    for (const frame of chain.user) text += frameText(frame, width);
    return text === '' ? '' : `${text}\n`;
  }

  /** Whose code a user address is would take the files that were mapped. */
  private bareFrames(cursor: EventCursor): SymbolisedChain | undefined {
    const chain = cursor.callChain?.();
    if (chain === undefined) return undefined;
    return {
      kernel: chain.kernel.map((address) => this.kernelFrame(address)),
      user: chain.user.map((address) => ({ address })),
    };
  }

  private kernelFrame(address: bigint): StackFrame {
    const found = this.environment.symbolAt(address);
    if (found === undefined) return { address, dso: KERNEL };
    const dso = found.module === undefined ? KERNEL : `[${found.module}]`;
    return { address, dso, symbol: { name: found.name, offset: address - found.address } };
  }
}

/** Of a mapped file the place in it is shown, which is the same in every process. */
function frameText(
  { address, fileOffset = address, symbol, dso = '[unknown]' }: StackFrame,
  width: number,
): string {
  const name = symbol === undefined ? '[unknown]' : `${symbol.name}+0x${symbol.offset.toString(16)}`;
  return `\t${fileOffset.toString(16).padStart(width)} ${name} (${dso})\n`;
}
