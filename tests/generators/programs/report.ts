/**
 * `node tests/generators/programs/report.ts [COUNT [SEED]]`: makes programs, lets this machine's kernel judge them, and
 * tells how many it accepts, why it refuses the others, and how often each feature occurs.
 */
import { judge, judgeProblem } from '../../linux/judge.ts';
import { machineTypes } from './kernel-types.ts';
import { kernelOffsets } from './offsets.ts';
import { type Generated, ProgramGenerator } from './program.ts';

const count = Number(process.argv[2] ?? 2000);
const first = Number(process.argv[3] ?? 1);
const generator = new ProgramGenerator(kernelOffsets(machineTypes()));

const started = performance.now();
const made: Generated[] = [];
for (let i = 0; i < count; i++) made.push(generator.generate(first + i));
const seconds = (performance.now() - started) / 1000;
const lengths = made.map((one) => one.case.insns.length / 8).sort((a, b) => a - b);
console.log(
  `${count} programs in ${seconds.toFixed(2)} s (${Math.round(count / seconds)}/s), ${lengths[0]} to ${lengths.at(-1)} instructions, median ${lengths[count >> 1]}`,
);

const features = tally(
  made.flatMap((one) => [
    `type ${one.case.programType}`,
    ...one.features,
    ...one.case.kfuncs.map(({ name }) => `kfunc ${name}`),
  ]),
);
if (judgeProblem() === undefined) {
  const answers = await judge(
    made.map((one) => one.case),
    { seconds: 5 },
  );
  const accepted = answers.filter(({ ok }) => ok === true);
  const processed = accepted.map((one) => one.processed ?? 0).sort((a, b) => a - b);
  console.log(
    `accepted ${accepted.length} (${((100 * accepted.length) / count).toFixed(1)} %), unjudged ${answers.filter(({ ok }) => ok === null).length}; processed median ${processed[processed.length >> 1]}, greatest ${processed.at(-1)}`,
  );
  const careful = answers.filter((_, i) => made[i]!.mistakes === 0);
  console.log(
    `of programs without mistakes: ${((100 * careful.filter(({ ok }) => ok === true).length) / careful.length).toFixed(1)} %`,
  );
  print(
    'why',
    tally(
      answers
        .filter(({ ok }) => ok !== true)
        .map((one) => kindOf(one.messages.at(-1) ?? one.unjudged ?? `errno ${one.errno}`)),
    ),
  );
  print(
    'why, without mistakes',
    tally(
      careful
        .filter(({ ok }) => ok !== true)
        .map((one) => kindOf(one.messages.at(-1) ?? one.unjudged ?? `errno ${one.errno}`)),
    ),
  );
}
print('features', features);

/** A message with its numbers taken out. */
function kindOf(message: string): string {
  return message.replace(/0x[0-9a-f]+|-?\d+/g, '#').slice(0, 110);
}

function tally(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function print(title: string, counts: ReadonlyMap<string, number>): void {
  console.log(`\n${title}:`);
  for (const [name, number] of [...counts].sort((a, b) => b[1] - a[1]))
    console.log(`${String(number).padStart(7)}  ${name}`);
}
