/**
 * `node make-kfuncs.ts vmlinux.btf.gz`: the kernel functions that programs call, with what is one pointer away, to
 * `kfuncs-6.18.btf.gz` beside this file. Programs of the tests attach to some tracepoints, and walk from a task.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readBtf } from '../../../bpf/btf/read.ts';
import { subsetBtf } from '../../../bpf/btf/subset.ts';
import { KFUNCS } from '../../../bpf/kfuncs/index.ts';

const STRUCTS =
  'task_struct vm_area_struct cgroup css_set sk_buff bpf_ctx_convert sock sock_common tcp_sock bpf_map __sk_buff xdp_md';

const whole = readBtf(new Uint8Array(gunzipSync(readFileSync(process.argv[2]!))));
const roots = new Set<number>();
for (const { name } of KFUNCS) add(whole.find(name, 'func'));
for (const name of STRUCTS.split(' ')) add(whole.find(name, 'struct'));
for (const name of ['btf_trace_sched_switch', 'btf_trace_netif_receive_skb']) add(whole.find(name, 'typedef'));
// What the verifier trusts of members (`BTF_TYPE_SAFE_RCU`).
for (let id = whole.firstId; id < whole.end; id++) {
  if (whole.kindOf(id) === 'struct' && /__safe_(rcu|trusted)/.test(whole.nameOf(id))) roots.add(id);
}
const { btf } = subsetBtf(whole, roots, { pointerDepth: 1 });
writeFileSync(new URL('kfuncs-6.18.btf.gz', import.meta.url), gzipSync(btf.bytes(), { level: 9 }));

function add(id: number | undefined): void {
  if (id !== undefined) roots.add(id);
}
