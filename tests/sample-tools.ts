/** The tools of `samples/` and what their headers say of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelRelease } from '../bpf/kernel-release.ts';
import { root } from './cli/support.ts';

export const PLACES = ['recordings', 'simulation', 'Linux'] as const;
export type Place = (typeof PLACES)[number];

export interface SampleTool {
  /** File name below `samples/`. */
  readonly file: string;
  readonly text: string;
  /** The comment at the top, without its stars. */
  readonly header: string;
  readonly overhead: string | undefined;
  readonly runsOn: readonly Place[];
  readonly example: string | undefined;
}

/** All scripts below `samples/`, as file names. */
export function sampleFiles(): readonly string[] {
  const names = readdirSync(join(root, 'samples'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.bt')).sort();
}

export function sampleText(file: string): string {
  return readFileSync(join(root, 'samples', file), 'utf8');
}

/** The scripts that are no one-liners. */
export function sampleTools(): readonly SampleTool[] {
  return sampleFiles()
    .filter((file) => !file.startsWith('one-liners'))
    .map((file) => toolOf(file, sampleText(file)));
}

/** The scripts that run there, or those that do not, as their headers say; one-liners run everywhere. */
export function samplesOn(place: Place, runs = true): readonly string[] {
  const elsewhere = new Set(
    sampleTools().flatMap(({ file, runsOn }) => (runsOn.includes(place) ? [] : [file])),
  );
  return sampleFiles().filter((file) => elsewhere.has(file) !== runs);
}

function toolOf(file: string, text: string): SampleTool {
  const comment = /\/\*\n([\s\S]*?)\n \*\//.exec(text)?.[1] ?? '';
  const header = comment.replace(/^ \* ?/gm, '');
  const places = field(header, 'Runs on')?.split(', ') ?? [];
  return {
    file,
    text,
    header,
    overhead: field(header, 'Overhead'),
    runsOn: PLACES.filter((place) => places.includes(place)),
    example: /^Example:\n\n([\s\S]+)$/m.exec(header)?.[1],
  };
}

function field(header: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.+)$`, 'm').exec(header)?.[1];
}

/** What a sample says of the oldest kernel it runs on. @throws Error when it says nothing */
export function oldestKernel(text: string): KernelRelease {
  const stated = /^[\s\S]{0,1500}?oldest kernel: (\d+\.\d+)/i.exec(text)?.[1];
  if (stated === undefined) throw new Error('no oldest kernel is stated');
  return stated as KernelRelease;
}
