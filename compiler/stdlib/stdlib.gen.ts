// Made by scripts/stdlib.ts from compiler/stdlib/*.bt. Do not edit.
import type { StdlibMacro } from './stdlib.ts';

/** Texts by name. */
export const STDLIB_TEXTS: Readonly<Record<string, string>> = {
  latency: "// How long things take: `import \"latency\";`\n\n// Notes that something begins now; `key` tells it from others, as `tid` does.\n//\n//     kprobe:vfs_read { lat_start(@start, tid); }\nmacro lat_start(@start, key) {\n  @start[key] = nsecs;\n}\n\n// Nanoseconds since `lat_start`, which is forgotten; 0 when it was not seen.\n//\n//     kretprobe:vfs_read { @ns = hist(lat_end(@start, tid)); }\nmacro lat_end(@start, key) {\n  let $key = key;\n  let $ns : uint64 = 0;\n  if (has_key(@start, $key)) {\n    $ns = (uint64)(nsecs - @start[$key]);\n    delete(@start, $key);\n  }\n  $ns\n}\n",
  net: "// Numbers of the network, most significant byte first, and of this machine: `import \"net\";`\n\n// A 16-bit number of the network, such as a port.\n//\n//     printf(\"%d\\n\", ntohs($sk.__sk_common.skc_dport));\nmacro ntohs(number) { bswap((uint16)number) }\n\n// A 32-bit number of the network.\nmacro ntohl(number) { bswap((uint32)number) }\n\n// A 16-bit number for the network.\nmacro htons(number) { bswap((uint16)number) }\n\n// A 32-bit number for the network.\nmacro htonl(number) { bswap((uint32)number) }\n",
  seldom: "// Doing things less often than they happen: `import \"seldom\";`\n\n// True the first time a key is seen.\n//\n//     tracepoint:sched:sched_process_exec { if (first_time(@seen, comm)) { printf(\"new: %s\\n\", comm); } }\nmacro first_time(@seen, key) {\n  let $key = key;\n  let $is_new = !has_key(@seen, $key);\n  if ($is_new) {\n    @seen[$key] = true;\n  }\n  $is_new\n}\n\n// True every `n`-th time, counted by the map.\n//\n//     profile:hz:99 { if (every(@ticks, 99)) { print(@samples); } }\nmacro every(@count, n) {\n  @count += 1;\n  (uint64)@count % (uint64)n == 0\n}\n",
  units: "// Units of time and size: `import \"units\";`\n\n// Nanoseconds as whole microseconds.\nmacro ns_to_us(ns) { (uint64)ns / 1000 }\n\n// Nanoseconds as whole milliseconds.\nmacro ns_to_ms(ns) { (uint64)ns / 1000000 }\n\n// Nanoseconds as whole seconds.\nmacro ns_to_s(ns) { (uint64)ns / 1000000000 }\n\n// Bytes as whole KiB.\nmacro to_kib(bytes) { (uint64)bytes / 1024 }\n\n// Bytes as whole MiB.\nmacro to_mib(bytes) { (uint64)bytes / 1048576 }\n",
};

export const STDLIB_MACROS: readonly StdlibMacro[] = [
  {"name":"lat_start","file":"latency","signature":"lat_start(@start, key)","doc":"Notes that something begins now; `key` tells it from others, as `tid` does.\n\n    kprobe:vfs_read { lat_start(@start, tid); }"},
  {"name":"lat_end","file":"latency","signature":"lat_end(@start, key)","doc":"Nanoseconds since `lat_start`, which is forgotten; 0 when it was not seen.\n\n    kretprobe:vfs_read { @ns = hist(lat_end(@start, tid)); }"},
  {"name":"ntohs","file":"net","signature":"ntohs(number)","doc":"A 16-bit number of the network, such as a port.\n\n    printf(\"%d\\n\", ntohs($sk.__sk_common.skc_dport));"},
  {"name":"ntohl","file":"net","signature":"ntohl(number)","doc":"A 32-bit number of the network."},
  {"name":"htons","file":"net","signature":"htons(number)","doc":"A 16-bit number for the network."},
  {"name":"htonl","file":"net","signature":"htonl(number)","doc":"A 32-bit number for the network."},
  {"name":"first_time","file":"seldom","signature":"first_time(@seen, key)","doc":"True the first time a key is seen.\n\n    tracepoint:sched:sched_process_exec { if (first_time(@seen, comm)) { printf(\"new: %s\\n\", comm); } }"},
  {"name":"every","file":"seldom","signature":"every(@count, n)","doc":"True every `n`-th time, counted by the map.\n\n    profile:hz:99 { if (every(@ticks, 99)) { print(@samples); } }"},
  {"name":"ns_to_us","file":"units","signature":"ns_to_us(ns)","doc":"Nanoseconds as whole microseconds."},
  {"name":"ns_to_ms","file":"units","signature":"ns_to_ms(ns)","doc":"Nanoseconds as whole milliseconds."},
  {"name":"ns_to_s","file":"units","signature":"ns_to_s(ns)","doc":"Nanoseconds as whole seconds."},
  {"name":"to_kib","file":"units","signature":"to_kib(bytes)","doc":"Bytes as whole KiB."},
  {"name":"to_mib","file":"units","signature":"to_mib(bytes)","doc":"Bytes as whole MiB."},
];
