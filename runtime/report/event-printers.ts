/** The text of each event, compiled when the event first occurs. */
import type { EventFormat } from '../../bpf/event-format.ts';
import { compilePrintFormat } from '../../bpf/print-format/compile.ts';
import type { PrintEnvironment } from '../../bpf/print-format/environment.ts';
import { compileRawText } from '../../bpf/print-format/raw-text.ts';
import type { EventRecording } from '../recording/event-recording.ts';
import { type EventText, handlerOf } from './handlers/index.ts';
import type { TaskNames } from './task-names.ts';

export interface EventPrinterEntry {
  /** The name and the blanks that put the texts of all events in one column. */
  readonly label: string;
  /** Of the event; undefined when the recording does not tell what it is. */
  readonly event: { readonly system: string; readonly name: string } | undefined;
  readonly text: EventText;
}

const NAME_WIDTH = 20;

export class EventPrinters {
  private readonly recording: EventRecording;
  private readonly environment: PrintEnvironment;
  private readonly names: TaskNames;
  private readonly raw: boolean;
  private readonly entries = new Map<number, EventPrinterEntry>();

  constructor(recording: EventRecording, environment: PrintEnvironment, names: TaskNames, raw: boolean) {
    this.recording = recording;
    this.environment = environment;
    this.names = names;
    this.raw = raw;
  }

  of(id: number): EventPrinterEntry {
    let entry = this.entries.get(id);
    if (entry === undefined) {
      entry = this.compile(id);
      this.entries.set(id, entry);
    }
    return entry;
  }

  private compile(id: number): EventPrinterEntry {
    const format = this.recording.events.byId(id);
    if (format !== undefined)
      return { label: label(format.name), event: format, text: this.compileText(format) };
    // A sample of a counter has no text: its place in the code is all it says.
    const sampled = this.recording.sampling?.(id)?.split(',')[0];
    if (sampled !== undefined)
      return { label: ` ${sampled}:`, event: { system: '', name: sampled }, text: () => '' };
    // Not trace-cmd's text, which has neither task, time nor number: all that such a record tells.
    return { label: label(`event ${id}`), event: undefined, text: () => '[UNKNOWN EVENT]' };
  }

  private compileText(format: EventFormat): EventText {
    if (this.raw) return compileRawText(format, this.environment);
    const pretty = compilePrintFormat(format, this.environment).text;
    const handler = handlerOf(format.system, format.name);
    if (handler === undefined) return pretty;
    return handler({ event: format, environment: this.environment, names: this.names, pretty });
  }
}

function label(name: string): string {
  return ` ${name}: ${' '.repeat(Math.max(0, NAME_WIDTH - name.length))}`;
}
