#!/bin/sh
# Writes report-lines.txt: up to four lines of each event of trace.dat, with their numbers, as trace-cmd report prints them.
cd "$(dirname "$0")" || exit 1
trace-cmd report ../trace.dat | awk 'NR == 1 { print NR " " $0; next } seen[$4]++ < 4 { print NR " " $0 }' > report-lines.txt
