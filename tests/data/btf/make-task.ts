/** `node make-task.ts vmlinux.btf.gz`: task_struct with all that is one pointer away, to `task-6.1.btf.gz` beside this file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readBtf } from '../../../bpf/btf/read.ts';
import { subsetBtf } from '../../../bpf/btf/subset.ts';

const whole = readBtf(new Uint8Array(gunzipSync(readFileSync(process.argv[2]!))));
const { btf } = subsetBtf(whole, [whole.find('task_struct', 'struct')!], { pointerDepth: 1 });
writeFileSync(new URL('task-6.1.btf.gz', import.meta.url), gzipSync(btf.bytes(), { level: 9 }));
