/**
 * A recorded case: a script, the command that ran it, and what the real bpftrace answered. Where the language has
 * changed since that version, the case also says what it answers now and by which rule.
 *
 * Output is held as text with one character a byte, so that nothing is lost to decoding.
 */
import { asksForJson, renew } from './renewal.ts';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** What the language says today, where it differs from the recording. */
export interface NewerOutcome {
  /** Absent: as recorded. */
  readonly stdout?: string;
  /** First line only; `*` stands for any text. Absent: as recorded. */
  readonly stderr?: string;
  readonly exitCode: number;
  /** Why, in one line. */
  readonly rule: string;
}

export interface RecordedCase {
  readonly name: string;
  /** 1-based line of the `# name` header. */
  readonly line: number;
  /** Shell command; the script lies in the working directory as `script.bt`. */
  readonly command: string;
  /** Ends with a newline. */
  readonly script: string;
  /** Absent until the case has been run. */
  readonly recorded?: Outcome;
  readonly newer?: NewerOutcome;
}

export interface CaseFile {
  /** What recorded it: `bpftrace 0.17.0-1, Linux 6.1.0-56-cloud-amd64`. Empty before the first recording. */
  readonly recorder: string;
  readonly cases: readonly RecordedCase[];
}

export interface Expectation {
  readonly stdout: string;
  readonly exitCode: number;
  /** Pattern of the first line of stderr, `*` standing for any text; only where an error is expected. */
  readonly complaint?: string;
}

/** What a correct implementation of today's language answers. Throws for a case never recorded. */
export function expectation(golden: RecordedCase): Expectation {
  const { recorded, newer } = golden;
  if (recorded === undefined) throw new Error(`case "${golden.name}" has not been recorded`);
  const exitCode = newer?.exitCode ?? recorded.exitCode;
  const stdout = newer?.stdout ?? renew(recorded.stdout, asksForJson(golden.command));
  if (exitCode === 0) return { stdout, exitCode };
  // A newer answer with an exit code and no complaint is a script that chose its exit code.
  const complaint = newer === undefined ? samePlace(firstLine(recorded.stderr)) : newer.stderr;
  return { stdout, exitCode, ...(complaint !== undefined && { complaint }) };
}

/** True when today's language answers otherwise on stdout or by exit code, matters of form aside. */
export function isException(golden: RecordedCase): boolean {
  const { command, recorded, newer } = golden;
  if (recorded === undefined || newer === undefined) return false;
  const form = renew(recorded.stdout, asksForJson(command));
  return (newer.stdout ?? form) !== form || newer.exitCode !== recorded.exitCode;
}

/** True when matters of form are all that differs. */
export function isRenewed(golden: RecordedCase): boolean {
  const { command, recorded } = golden;
  if (recorded === undefined || isException(golden)) return false;
  return renew(recorded.stdout, asksForJson(command)) !== recorded.stdout;
}

/** Whether `line` has the form of {@link Expectation.complaint}. */
export function matchesComplaint(pattern: string, line: string): boolean {
  const source = pattern.replace(/\\\*|[\\^$.*+?()[\]{}|]/g, (found) => {
    if (found === '*') return '.*';
    return found === '\\*' ? found : `\\${found}`;
  });
  return new RegExp(`^${source}$`).test(line);
}

/**
 * Removes the line that tells how many probes were attached: it is on stdout in 0.17, on stderr today, and in JSON
 * it has gained a field.
 */
export function withoutBanner(stdout: string): string {
  return stdout.replace(/^(?:Attaching \d+ probes?\.\.\.|\{"type": "attached_probes".*\})\n/m, '');
}

export function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}

/** An error at the same line of the same file; messages and columns have been worded and counted anew since. */
function samePlace(line: string): string {
  const place = /^([^:]+:\d+):[-\d]+: ERROR: /.exec(line);
  return place === null ? line.replaceAll('*', '\\*') : `${place[1]}:*ERROR: *`;
}
