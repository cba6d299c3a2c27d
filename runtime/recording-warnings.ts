/** What is wrong with a recording, each thing told once: opening, asking for formats and reading on all find more. */
import type { EventRecording } from './recording/event-recording.ts';

export class RecordingWarnings {
  readonly #recording: EventRecording;
  readonly #name: string;
  #told = 0;
  #omitted = 0;

  /** `name` is the file's, for messages. */
  constructor(recording: EventRecording, name: string) {
    this.#recording = recording;
    this.#name = name;
  }

  /** Those found since the last call. */
  take(): readonly string[] {
    const { warnings, omittedWarnings } = this.#recording;
    const messages = warnings.slice(this.#told).map(({ message }) => `${this.#name}: ${message}`);
    const omitted = omittedWarnings - this.#omitted;
    if (omitted > 0) messages.push(`${this.#name}: ${omitted} more places are damaged`);
    this.#told = warnings.length;
    this.#omitted = omittedWarnings;
    return messages;
  }
}
