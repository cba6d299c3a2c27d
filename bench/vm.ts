/**
 * The VM's engines against the kernel's JIT, an interpreter in C and others: nanoseconds a run of twenty programs.
 *
 *     npm run bench -- vm [--json] [--rounds N] [--only PROGRAM]... [--engines NAME,NAME]
 *     npm run bench -- vm --program FILE.bin [--ctx FILE] [--packet] [--map SPEC]...
 *
 * The programs (`vm/programs`) are accepted by Linux's verifier and ours. Every engine runs the same bytecode on the same
 * packet, with maps of its own; each run's r0 is checked (of Linux's test-run the last one's, 32 bits) and the contents of
 * maps after each round: a difference ends the benchmark. Rounds are interleaved; a round is the median of many samples of
 * about a millisecond, and what is printed is the median of rounds. `jit` is one call from JavaScript a run; `jit-batch`
 * is one call for 1,024 events; `kernel` includes the loop of BPF_PROG_TEST_RUN, the others those of the benchmark.
 *
 * `--program` times instructions from outside (8 bytes each; wide loads of kind 1 have a map's number as immediate; maps by
 * `--map name=hash,key=8,value=8,entries=1024`). r1 points to the bytes of `--ctx`, or with `--packet` to an `xdp_md` of
 * them; in the first case Linux gets them as a packet and six instructions more that find it.
 *
 * `BPFKIT_UBPF` is the command of a runner for uBPF or any other VM, which speaks the protocol in `vm/runner.h`: it reads
 * commands on stdin (map, context, load, run, dump, drain) and times the runs itself.
 *
 * `--json` prints `{ programs: [{ name, insns, ns: {engine: n}, ratios: {"jit/kernel": r, …} }], geomean: {"jit/kernel": g, …} }`;
 * `insns` is what one run executes. Pin the process for quiet figures: `taskset -c 1 npm run bench -- vm`.
 */
import type { Contestant, Subject } from './vm/contestant.ts';
import { contestants } from './vm/contestants.ts';
import { measure, RunError } from './vm/measure.ts';
import { type Options, parseOptions, USAGE, UsageError } from './vm/options.ts';
import { outsideSubject } from './vm/outside.ts';
import { PROGRAMS } from './vm/programs/index.ts';
import { type Row, reportOf, tables } from './vm/report.ts';
import { subjectOf } from './vm/subject.ts';

export async function run(given: {
  readonly json: boolean;
  readonly args: readonly string[];
}): Promise<void> {
  try {
    await bench(parseOptions(given.args), given.json);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof RunError)) throw error;
    process.stderr.write(`${error.message}\n${error instanceof UsageError ? USAGE : ''}`);
    process.exitCode = 1;
  }
}

async function bench(options: Options, json: boolean): Promise<void> {
  const subjects = subjectsOf(options);
  const { here, absent } = await contestants();
  const chosen = chosenOf(here, options.engines);
  const notes = new Set(absent);
  const rows: Row[] = [];
  for (const subject of subjects) {
    const { row, left } = await measure(subject, chosen, options.rounds);
    rows.push(row);
    for (const note of left) notes.add(`${note} (${subject.name})`);
  }
  const report = reportOf(rows);
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(tables(report));
  for (const note of notes) process.stderr.write(`left out: ${note}\n`);
}

function subjectsOf({ only, outside }: Options): readonly Subject[] {
  if (outside !== undefined) return [outsideSubject(outside)];
  const names = PROGRAMS.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`no program '${unknown}'; there are ${names.join(', ')}`);
  return PROGRAMS.filter(({ name }) => only.length === 0 || only.includes(name)).map(subjectOf);
}

function chosenOf(here: readonly Contestant[], names: readonly string[]): readonly Contestant[] {
  const unknown = names.find((name) => !here.some((one) => one.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`no engine '${unknown}' here; there are ${here.map(({ name }) => name).join(', ')}`);
  }
  return here.filter(({ name }) => names.length === 0 || names.includes(name));
}
