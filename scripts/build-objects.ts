/** `node scripts/build-objects.ts [FOLDER]`: compiles the corpus of BPF objects of tests/objects. */
import { fileURLToPath } from 'node:url';
import { buildCorpus } from '../tests/objects/corpus.ts';

const usual = fileURLToPath(new URL('../node_modules/.cache/bpf-objects', import.meta.url));
const [folder = usual] = process.argv.slice(2);
const objects = await buildCorpus(folder);
console.log(`${objects.size} objects in ${folder}`);
