/** What sessions without a script do with output: they count records, pass on what is printed, and tell each warning once. */
import type { OutputConsumer, PrintkLine } from './kernel.ts';
import type { OutputSink } from './output/sink.ts';

export interface CountingConsumer extends OutputConsumer {
  readonly records: number;
}

export interface CountingOptions {
  readonly sink: OutputSink;
  readonly signal?: AbortSignal | undefined;
  /** Takes warnings. */
  readonly note: (message: string) => void;
}

export function countingConsumer({ sink, signal, note }: CountingOptions): CountingConsumer {
  let records = 0;
  const told = new Set<string>();
  return {
    record(): void {
      records++;
    },
    lost: (count, source) => sink.lost(count, source),
    printk: (line: PrintkLine) => sink.printk(line),
    warning(message: string): void {
      if (!told.has(message)) note(message);
      told.add(message);
    },
    get stopped(): boolean {
      return signal?.aborted === true;
    },
    get records(): number {
      return records;
    },
  };
}
