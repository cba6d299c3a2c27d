/** The committed recordings, opened, and records as lines to compare with `trace-cmd report`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { nodeDecompressor } from '../../../runtime/node/decompressor.ts';
import type { ByteSource, RecordCursor, Recording } from '../../../runtime/recording/index.ts';
import { openRecording } from '../../../runtime/recording/index.ts';

export function dataPath(name: string): string {
  return fileURLToPath(new URL(`../../data/${name}`, import.meta.url));
}

export function readData(name: string): Uint8Array {
  const bytes = readFileSync(dataPath(name));
  return new Uint8Array(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

export function open(source: ByteSource | Uint8Array): Recording {
  return openRecording(source, { decompressor: nodeDecompressor });
}

export function timeText(cursor: RecordCursor): string {
  const time = (BigInt(cursor.timeHigh >>> 0) << 32n) | BigInt(cursor.timeLow >>> 0);
  return `${time / 1_000_000_000n}.${String(time % 1_000_000_000n).padStart(9, '0')}`;
}

/** `comm-tid [cpu] time event`, and a line for each loss, as trace-cmd prints them. */
export function lineOf(recording: Recording, cursor: RecordCursor): string {
  const comm = cursor.tid === 0 ? '<idle>' : (recording.commOf(cursor.tid) ?? '<...>');
  const event = recording.events.byId(cursor.eventId)?.name ?? `event ${cursor.eventId}`;
  return `${comm}-${cursor.tid} [${String(cursor.cpu).padStart(3, '0')}] ${timeText(cursor)} ${event}`;
}

export function linesOf(recording: Recording): string[] {
  const lines: string[] = [];
  const cursor = recording.cursor();
  while (cursor.next()) {
    if (cursor.lost !== 0) {
      lines.push(`CPU:${cursor.cpu} [${cursor.lost < 0 ? '' : `${cursor.lost} `}EVENTS DROPPED]`);
    }
    lines.push(lineOf(recording, cursor));
  }
  return lines;
}
