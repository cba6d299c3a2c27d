#!/bin/sh
# What trace-cmd says of the recordings beside this folder; run in tests/data with trace-cmd 3.1.6.
# One line a record: thread, CPU, time, event. The whole list is kept as its SHA-256 only.
set -e
records() {
  trace-cmd report -i "$1" -t -R -N 2>/dev/null | grep -v '^cpus=' |
    sed -E 's/^ *(.*)-([0-9]+) +\[([0-9]+)\] +([0-9.]+): +([A-Za-z0-9_]+):.*/\1-\2 [\3] \4 \5/'
}
fields() {
  trace-cmd report -i "$1" -t -R -N 2>/dev/null | grep -E " ($2): " | sed -E 's/^.*\] +([0-9.]+): +([a-z_]+): +/\1 \2: /'
}
v6=$(mktemp)
zcat trace-v6.dat.gz > "$v6"
{
  echo "trace.dat $(records trace.dat | wc -l) $(records trace.dat | sha256sum | cut -d' ' -f1)"
  echo "trace-v6.dat $(records "$v6" | wc -l) $(records "$v6" | sha256sum | cut -d' ' -f1)"
  echo "sched_switch $(fields trace.dat sched_switch | wc -l) $(fields trace.dat sched_switch | sha256sum | cut -d' ' -f1)"
} > report/hashes.txt
records trace.dat | sed -E 's/.* //' | LC_ALL=C sort | uniq -c | awk '{ print $2, $1 }' > report/events.txt
trace-cmd report -i trace.dat -t -R -N 2>/dev/null | grep ' sys_enter: ' | sed -E 's/^ *(.*)-[0-9]+ +\[.*/\1/' |
  LC_ALL=C sort | uniq -c | awk '{ print $2, $1 }' > report/sys-enter-comms.txt
{ records trace.dat | head -5; records trace.dat | tail -5; } > report/ends.txt
fields trace.dat 'sched_process_exec|sched_process_fork' | head -40 > report/fields.txt
rm "$v6"
