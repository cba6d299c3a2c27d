/** The committed perf.data recordings, and what `perf script` said of them where they were made. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ByteSource } from '../../../../bpf/byte-source.ts';
import { nodeDecompressor } from '../../../../runtime/node/decompressor.ts';
import {
  openPerfData,
  type PerfCursor,
  type PerfRecording,
} from '../../../../runtime/recording/perf-data/index.ts';

export function readPart(name: string): Uint8Array {
  const path = new URL(`../../../data/perf-data/${name}.gz`, import.meta.url);
  return new Uint8Array(gunzipSync(readFileSync(path)));
}

export function readLines(name: string): string[] {
  const text = new TextDecoder().decode(readPart(name));
  return text.split('\n').filter((line) => line !== '');
}

export function open(source: ByteSource | Uint8Array, kallsyms?: Uint8Array): PerfRecording {
  return openPerfData(source, {
    decompressor: nodeDecompressor,
    ...(kallsyms === undefined ? {} : { kallsyms }),
  });
}

export function timeOf(cursor: PerfCursor): bigint {
  return (BigInt(cursor.timeHigh >>> 0) << 32n) | BigInt(cursor.timeLow >>> 0);
}

/** Seconds and nanoseconds, as `perf script --ns` prints them. */
export function timeText(cursor: PerfCursor): string {
  const time = timeOf(cursor);
  return `${time / 1_000_000_000n}.${String(time % 1_000_000_000n).padStart(9, '0')}`;
}

/** perf names the idle threads without their CPU, and a thread nobody told of by its id. */
export function perfComm(cursor: PerfCursor): string {
  const tid = cursor.sample()?.tid ?? cursor.tid;
  return cursor.processes.find(tid)?.comm ?? `:${tid}`;
}

/** `comm pid/tid [cpu] time event`, one line a sample. */
export function linesOf(recording: PerfRecording, withCpu: boolean): string[] {
  const lines: string[] = [];
  const cursor = recording.cursor();
  while (cursor.next()) {
    const cpu = withCpu ? `[${String(cursor.cpu).padStart(3, '0')}] ` : '';
    const ids = `${cursor.tgid}/${cursor.sample()?.tid}`;
    lines.push(`${perfComm(cursor)} ${ids} ${cpu}${timeText(cursor)} ${cursor.event?.name}`);
  }
  return lines;
}

/** The lines of `perf script -F comm,pid,tid,cpu,time,event` in the same form. */
export function expectedLines(name: string): string[] {
  return parseSamples(new TextDecoder().decode(readPart(`${name}.samples.txt`)));
}

/** The same of its text; lines of stacks, which it prints unasked for files of pipes, are left out. */
export function parseSamples(text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('\t'));
  return lines.map((line) => {
    const match = /^ *(.*?) +(-?\d+\/-?\d+) +(\[\d+\] +)?(\d+\.\d+): +(.*?): *$/.exec(line);
    if (match === null) throw new Error(`not a line of perf script: ${line}`);
    const cpu = match[3] === undefined ? '' : `${match[3].trim()} `;
    return `${match[1]} ${match[2]} ${cpu}${match[4]} ${match[5]}`;
  });
}
