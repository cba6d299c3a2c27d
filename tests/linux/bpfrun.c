/*
 * bpfrun: does bpf(2) for the tests that judge against this machine's kernel. It creates maps, loads programs and
 * test-runs them; it cannot attach anything. One command a line on stdin, one answer a line on stdout; bytes are
 * hexadecimal, "-" for none. Maps, programs and BTF are named by the number their "ok" gave.
 *
 *   map TYPE KEY VALUE ENTRIES FLAGS           ok N | err ERRNO
 *   btf BYTES                                  ok N | err ERRNO LOG
 *   load TYPE LICENSE INSNS RELOCS BTF FUNCS [LEVEL]   ok N LOG | err ERRNO LOG
 *        RELOCS: slot:map,slot:map             BTF: number or -        FUNCS: bytes of bpf_func_info    LEVEL: of the log, 1
 *   run PROG DATA CTX REPEAT                   ok RETVAL NANOSECONDS DATA_OUT | err ERRNO
 *   update MAP KEY VALUE FLAGS                 ok 0 | err ERRNO
 *   delete MAP KEY                             ok 0 | err ERRNO
 *   dump MAP                                   ok KEY=VALUE KEY=VALUE ...
 *   freeze MAP                                 ok 0 | err ERRNO
 *   unload PROG                                ok 0
 *   release BTF                                ok 0
 *   reset                                      ok 0: closes all maps, numbers begin anew
 *   pin CPU                                    ok 0: runs there from now on
 *
 * "=" for the number of BTF or a program is the last one loaded, so that commands can be written down beforehand.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "lines.h"

#define MAX_MAPS 65536
struct map { int fd; unsigned key, value, type; };
static struct map maps[MAX_MAPS];
static int map_count;
static char log_text[1 << 24];
static int last_btf = -1, last_program = -1;

static int named(const char *text, int last) { return strcmp(text, "=") == 0 ? last : atoi(text); }

static void answer(long result) {
  if (result < 0) printf("err %d\n", errno);
  else printf("ok %ld\n", result);
}

static void answer_log(long result) {
  int error = errno;
  if (result < 0) printf("err %d ", error);
  else printf("ok %ld ", result);
  put_hex(log_text, strlen(log_text));
  putchar('\n');
}

static int is_per_cpu(unsigned type) { return type == 5 || type == 6 || type == 10; }

static unsigned possible_cpus(void) {
  unsigned low = 0, high = 0;
  FILE *file = fopen("/sys/devices/system/cpu/possible", "r");
  if (!file) return 1;
  if (fscanf(file, "%u-%u", &low, &high) < 2) high = low;
  fclose(file);
  return high + 1;
}

static void cmd_map(char **a) {
  union bpf_attr attr = {0};
  attr.map_type = atoi(a[1]);
  attr.key_size = atoi(a[2]);
  attr.value_size = atoi(a[3]);
  attr.max_entries = strtoul(a[4], 0, 10);
  attr.map_flags = atoi(a[5]);
  int fd = bpf(BPF_MAP_CREATE, &attr);
  if (fd < 0 || map_count == MAX_MAPS) { answer(-1); return; }
  maps[map_count] = (struct map){fd, attr.key_size, attr.value_size, attr.map_type};
  answer(map_count++);
}

static void cmd_btf(char **a) {
  unsigned char *bytes;
  union bpf_attr attr = {0};
  attr.btf_size = unhex(a[1], &bytes, 0);
  attr.btf = (uintptr_t)bytes;
  attr.btf_log_buf = (uintptr_t)log_text;
  attr.btf_log_size = sizeof log_text;
  attr.btf_log_level = 1;
  log_text[0] = 0;
  int fd = bpf(BPF_BTF_LOAD, &attr);
  if (fd >= 0) last_btf = fd;
  answer_log(fd);
  free(bytes);
}

static void cmd_load(char **a) {
  unsigned char *insns, *funcs, *license;
  unhex(a[2], &license, 0);
  size_t n = unhex(a[3], &insns, 0) / 8, nf = unhex(a[6], &funcs, 0) / 8;
  for (char *r = strcmp(a[4], "-") == 0 ? 0 : strtok(a[4], ","); r; r = strtok(0, ",")) {
    unsigned slot, map;
    if (sscanf(r, "%u:%u", &slot, &map) != 2 || slot >= n || map >= (unsigned)map_count) continue;
    ((struct bpf_insn *)insns)[slot].imm = maps[map].fd;
  }
  union bpf_attr attr = {0};
  attr.prog_type = atoi(a[1]);
  attr.license = (uintptr_t)license;
  attr.insns = (uintptr_t)insns;
  attr.insn_cnt = n;
  attr.log_buf = (uintptr_t)log_text;
  attr.log_size = sizeof log_text;
  attr.log_level = a[7][0] ? atoi(a[7]) : 1;
  if (a[5][0] != '-') {
    attr.prog_btf_fd = named(a[5], last_btf);
    attr.func_info_rec_size = 8;
    attr.func_info = (uintptr_t)funcs;
    attr.func_info_cnt = nf;
  }
  log_text[0] = 0;
  int fd = bpf(BPF_PROG_LOAD, &attr);
  last_program = fd;
  answer_log(fd);
  free(insns);
  free(funcs);
  free(license);
}

static void cmd_run(char **a) {
  unsigned char *data, *ctx;
  static unsigned char out[65536];
  union bpf_attr attr = {0};
  attr.test.prog_fd = named(a[1], last_program);
  attr.test.data_size_in = unhex(a[2], &data, 0);
  attr.test.ctx_size_in = unhex(a[3], &ctx, 0);
  attr.test.repeat = atoi(a[4]);
  if (attr.test.data_size_in) {
    attr.test.data_in = (uintptr_t)data;
    attr.test.data_out = (uintptr_t)out;
    attr.test.data_size_out = sizeof out;
  }
  if (attr.test.ctx_size_in) attr.test.ctx_in = (uintptr_t)ctx;
  if (bpf(BPF_PROG_TEST_RUN, &attr) < 0) answer(-1);
  else {
    printf("ok %u %u ", attr.test.retval, attr.test.duration);
    put_hex(out, attr.test.data_size_in ? attr.test.data_size_out : 0);
    putchar('\n');
  }
  free(data);
  free(ctx);
}

static void cmd_change(char **a, int cmd) {
  unsigned char *key, *value = 0;
  union bpf_attr attr = {0};
  unhex(a[2], &key, 0);
  attr.map_fd = maps[atoi(a[1])].fd;
  attr.key = (uintptr_t)key;
  if (cmd == BPF_MAP_UPDATE_ELEM) {
    unhex(a[3], &value, 0);
    attr.value = (uintptr_t)value;
    attr.flags = strtoull(a[4], 0, 10);
  }
  answer(bpf(cmd, &attr));
  free(key);
  free(value);
}

static void cmd_dump(char **a, unsigned cpus) {
  struct map *map = &maps[atoi(a[1])];
  size_t size = is_per_cpu(map->type) ? (size_t)((map->value + 7) / 8 * 8) * cpus : map->value;
  unsigned char *key = calloc(map->key + 8, 1), *next = calloc(map->key + 8, 1), *value = calloc(size + 8, 1);
  union bpf_attr attr = {0};
  attr.map_fd = map->fd;
  printf("ok");
  for (int first = 1;; first = 0) {
    attr.key = first ? 0 : (uintptr_t)key;
    attr.next_key = (uintptr_t)next;
    if (bpf(BPF_MAP_GET_NEXT_KEY, &attr) < 0) break;
    memcpy(key, next, map->key);
    attr.key = (uintptr_t)key;
    attr.value = (uintptr_t)value;
    if (bpf(BPF_MAP_LOOKUP_ELEM, &attr) < 0) continue;
    putchar(' ');
    put_hex(key, map->key);
    putchar('=');
    put_hex(value, size);
  }
  putchar('\n');
  free(key);
  free(next);
  free(value);
}

int main(void) {
  struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_MEMLOCK, &all); /* refused without CAP_SYS_RESOURCE; newer kernels do not need it */
  unsigned cpus = possible_cpus();
  char *line = 0;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    char *a[8] = {"", "", "", "", "", "", "", ""}, *save = 0;
    int n = 0;
    for (char *w = strtok_r(line, " \n", &save); w && n < 8; w = strtok_r(0, " \n", &save)) a[n++] = w;
    if (!strcmp(a[0], "map")) cmd_map(a);
    else if (!strcmp(a[0], "btf")) cmd_btf(a);
    else if (!strcmp(a[0], "load")) cmd_load(a);
    else if (!strcmp(a[0], "run")) cmd_run(a);
    else if (!strcmp(a[0], "update")) cmd_change(a, BPF_MAP_UPDATE_ELEM);
    else if (!strcmp(a[0], "delete")) cmd_change(a, BPF_MAP_DELETE_ELEM);
    else if (!strcmp(a[0], "dump")) cmd_dump(a, cpus);
    else if (!strcmp(a[0], "freeze")) {
      union bpf_attr attr = {0};
      attr.map_fd = maps[atoi(a[1])].fd;
      answer(bpf(BPF_MAP_FREEZE, &attr));
    }
    else if (!strcmp(a[0], "unload")) answer(close(named(a[1], last_program)));
    else if (!strcmp(a[0], "release")) answer(close(named(a[1], last_btf)));
    else if (!strcmp(a[0], "reset")) {
      for (; map_count > 0; map_count--) close(maps[map_count - 1].fd);
      answer(0);
    }
    else if (!strcmp(a[0], "pin")) {
      cpu_set_t set;
      CPU_ZERO(&set);
      CPU_SET(atoi(a[1]), &set);
      answer(sched_setaffinity(0, sizeof set, &set));
    }
    else { errno = EINVAL; answer(-1); }
    fflush(stdout);
  }
  return 0;
}
