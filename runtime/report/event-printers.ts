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
  readonly format: EventFormat | undefined;
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
    if (format === undefined) return { label: label('(NULL)'), format, text: () => '[UNKNOWN EVENT]' };
    return { label: label(format.name), format, text: this.compileText(format) };
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
