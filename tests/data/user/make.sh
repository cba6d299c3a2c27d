#!/bin/sh
# Makes the binaries here: Debian 12's gcc 12.2, clang 14, systemtap-sdt-dev 4.8.
set -e
cd "$(dirname "$0")"
flags="-shared -fPIC -nostdlib -g -Wl,--build-id=sha1 -Wl,-z,noseparate-code -ffile-prefix-map=$PWD=."
gcc -O2 -gdwarf-5 $flags sample.c -o sample-gcc-v5.so
clang -O2 -gdwarf-4 $flags sample.c -o sample-clang-v4.so
clang++ -O1 -gdwarf-5 -fno-exceptions $flags sample.cc -o sample-cc-v5.so
g++ -O1 -gdwarf-4 -gz -fdebug-types-section -fno-exceptions $flags sample.cc -o sample-cc-types-gz.so
