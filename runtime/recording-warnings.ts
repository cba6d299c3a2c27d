/** What is wrong with a recording, each thing told once: opening, asking for formats and reading on all find more. */
import type { EventRecording } from './recording/event-recording.ts';

export class RecordingWarnings {
  readonly #recording: EventRecording;
  readonly #name: string;
  #told = 0;
  #omitted = 0;
  #notes: string[] = [];
  readonly #known = new Set<string>();

  /** `name` is the file's, for messages. */
  constructor(recording: EventRecording, name: string) {
    this.#recording = recording;
    this.#name = name;
  }

  /** Something to tell that is about the use of the recording. Told once. */
  note(message: string): void {
    if (this.#known.has(message)) return;
    this.#known.add(message);
    this.#notes.push(`${this.#name}: ${message}`);
  }

  /** Those found since the last call. */
  take(): readonly string[] {
    const { warnings, omittedWarnings } = this.#recording;
    const damages = warnings.slice(this.#told).map(({ message }) => `${this.#name}: ${message}`);
    const messages = [...this.#notes, ...damages];
    this.#notes = [];
    const omitted = omittedWarnings - this.#omitted;
    if (omitted > 0) messages.push(`${this.#name}: ${omitted} more places are damaged`);
    this.#told = warnings.length;
    this.#omitted = omittedWarnings;
    return messages;
  }
}
