import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  expectation,
  isException,
  isRenewed,
  matchesComplaint,
  type RecordedCase,
  withoutBanner,
} from './case.ts';
import { parseCommand } from './command.ts';
import { printExceptions } from './exceptions.ts';
import { EXCEPTIONS_FILE, namedCases, readCaseFiles } from './folder.ts';

const BASE: RecordedCase = { name: 'a', line: 1, command: 'bpftrace script.bt', script: 'BEGIN { }\n' };

describe('what a case expects', () => {
  it('is what was recorded', () => {
    const recorded = { stdout: 'out\n', stderr: 'warned\n', exitCode: 0 };
    expect(expectation({ ...BASE, recorded })).toEqual({ stdout: 'out\n', exitCode: 0 });
  });

  it('is an error in the same line where one was recorded', () => {
    const recorded = { stdout: '', stderr: 'script.bt:3:1-4: ERROR: bad * thing\n  x\n', exitCode: 1 };
    const { complaint } = expectation({ ...BASE, recorded });
    expect(matchesComplaint(complaint!, 'script.bt:3:2-9: ERROR: other words')).toBe(true);
    expect(matchesComplaint(complaint!, 'script.bt:4:2-9: ERROR: other words')).toBe(false);
  });

  it('is the newer answer where there is one', () => {
    const recorded = { stdout: 'old\n', stderr: '', exitCode: 0 };
    const golden = { ...BASE, recorded, newer: { stdout: 'new\n', stderr: 'w*', exitCode: 1, rule: 'r' } };
    expect(expectation(golden)).toEqual({ stdout: 'new\n', exitCode: 1, complaint: 'w*' });
    expect(isException(golden)).toBe(true);
    expect(isException({ ...golden, newer: { stderr: 'w', exitCode: 0, rule: 'r' } })).toBe(false);
  });

  it('is nothing before it was recorded', () => {
    expect(() => expectation(BASE)).toThrow('case "a" has not been recorded');
  });

  it.each([
    { command: 'bpftrace a', before: '\n\n@h: \n[0] 1 |@|\n\n', after: '\n\n@h:\n[0] 1 |@|\n\n' },
    { command: 'bpftrace a', before: '@e: \n', after: '@e: \n' },
    {
      command: 'bpftrace -f json a',
      before: '\n\n{"type": "hist", "data": {"@": [{"min": 1}, {"min": 2}]}}\n',
      after: '{"type": "hist", "data": {"@": [{"min": 1},{"min": 2}]}}\n',
    },
  ])('has the form of today: $before', ({ command, before, after }) => {
    const golden = { ...BASE, command, recorded: { stdout: before, stderr: '', exitCode: 0 } };
    expect(expectation(golden).stdout).toBe(after);
    expect(isRenewed(golden)).toBe(before !== after);
  });

  it('leaves the banner out', () => {
    expect(withoutBanner('Attaching 2 probes...\nx\n')).toBe('x\n');
    expect(withoutBanner('{"type": "attached_probes", "data": {"probes": 1}}\nx\n')).toBe('x\n');
    expect(withoutBanner('x Attaching 2 probes...\n')).toBe('x Attaching 2 probes...\n');
  });
});

describe('the command of a case', () => {
  it.each([
    { command: 'bpftrace -q script.bt a "b c" \'d\'', want: { args: ['-q', 'script.bt', 'a', 'b c', 'd'] } },
    { command: 'bpftrace -e "$(cat script.bt)" 1', want: { args: ['-e', 'TEXT', '1'] } },
    { command: 'bpftrace - < script.bt', want: { args: ['-'], stdin: 'TEXT\n' } },
    { command: 'timeout -s INT 3 bpftrace script.bt', want: { args: ['script.bt'] } },
    { command: 'BPFTRACE_A=x bpftrace script.bt', want: { args: ['script.bt'], env: { BPFTRACE_A: 'x' } } },
  ])('$command', ({ command, want }) => {
    expect(parseCommand(command, 'TEXT\n')).toEqual(want);
  });
});

describe('the recorded cases', () => {
  const cases = namedCases(readCaseFiles());

  it('are all recorded, and most of them stand as they are', () => {
    expect(cases.filter(({ golden }) => golden.recorded === undefined)).toEqual([]);
    const same = cases.filter(({ golden }) => !isException(golden) && !isRenewed(golden));
    expect(same.length).toBeGreaterThan(180);
  });

  it('keep a newer answer only where it differs', () => {
    const idle = cases.filter(({ golden }) => golden.newer && !golden.newer.stderr && !isException(golden));
    expect(idle.map(({ file, golden }) => `${file}: ${golden.name}`)).toEqual([]);
  });

  it('have their exceptions listed', () => {
    expect(readFileSync(EXCEPTIONS_FILE, 'utf8')).toBe(printExceptions(cases));
  });
});
