/** `node tests/generators/programs/write.ts FILE [COUNT [SEED]]`: writes generated programs as a file of cases. */
import { writeFileSync } from 'node:fs';
import { writeCases } from '../../../verifier/case/write.ts';
import { machineTypes } from './kernel-types.ts';
import { kernelOffsets } from './offsets.ts';
import { ProgramGenerator } from './program.ts';

const [file, count = '1000', first = '1'] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: write.ts FILE [COUNT [SEED]]');
const generator = new ProgramGenerator(kernelOffsets(machineTypes()));
const seeds = Array.from({ length: Number(count) }, (_, i) => Number(first) + i);
writeFileSync(file, writeCases(seeds.map((seed) => generator.generate(seed).case)));
