/** The forms of text recordings, told by their first lines. */
import { readFtraceLine } from './ftrace-line.ts';
import { readPerfScriptLine } from './perf-script-line.ts';
import type { ReadLine } from './text-line.ts';

export interface TextForm {
  /** For messages. */
  readonly name: string;
  read(line: string): ReadLine;
}

const FTRACE: TextForm = { name: 'ftrace text', read: readFtraceLine };
const PERF_SCRIPT: TextForm = { name: 'perf script text', read: readPerfScriptLine };

/** Lines looked at; comments and stack frames may come before the first event. */
const LINES = 64;

/** Undefined when the bytes are no text of a tracer. */
export function textFormOf(start: Uint8Array): TextForm | undefined {
  if (start.subarray(0, 512).includes(0)) return undefined;
  const text = String.fromCharCode(...start.subarray(0, 4096));
  if (text.startsWith('# tracer: ') || /^cpus=\d+\n/.test(text)) return FTRACE;
  // The header of perf script may be longer than what is looked at.
  if (/^# =+\n# captured on/.test(text)) return PERF_SCRIPT;
  const lines = text.split('\n', LINES);
  for (const line of lines) {
    if (line.startsWith('#') || line.trim() === '') continue;
    for (const form of [FTRACE, PERF_SCRIPT]) {
      const read = form.read(line);
      if (read.kind === 'event' || read.kind === 'lost') return form;
    }
    return undefined;
  }
  return undefined;
}

export function isTextRecording(start: Uint8Array): boolean {
  return textFormOf(start) !== undefined;
}
