/*
 * maprun: does the map commands of bpf(2) for the tests that hold our maps to this machine's kernel, and test-runs
 * programs over them; it attaches nothing. One command a line on stdin, one answer a line on stdout: "ok ..." or
 * "err ERRNO". Bytes are hexadecimal, "-" for none (and no pointer). Maps, programs, BTF and sockets are numbered from 0
 * each, in the order of their commands, refused ones too; "reset" closes all and numbers maps anew.
 *
 *   map TYPE KEY VALUE ENTRIES FLAGS EXTRA NODE BTF KEYTYPE VALUETYPE INNER     BTF and INNER: number or -
 *   btf BYTES
 *   socket KIND       unix, udp (bound, with SO_REUSEPORT), xdp; numbered with them: self (a pidfd), cgroup, file
 *   program TYPE INSNS RELOCS BTF FUNCS RELOCS: slot:map,slot:map     BTF and FUNCS (bpf_func_info): where functions are
 *   run PROGRAM CONTEXT CPU             ok RETVAL; a raw tracepoint or a program of type syscall
 *   update MAP KEY VALUE FLAGS          VALUE may be @mN, @pN, @sN: the descriptor of a map, program, socket; so may KEY
 *   lookup MAP KEY FLAGS VALUE          ok VALUE; VALUE is what is there before
 *   take MAP KEY FLAGS                  ok VALUE
 *   delete MAP KEY
 *   next MAP KEY                        ok KEY
 *   freeze MAP
 *   get-batch MAP COUNT CURSOR FLAGS REMOVE    ok|err COUNT KEYS VALUES CURSOR; ^ is the last cursor answered
 *   put-batch MAP KEYS VALUES FLAGS            ok|err COUNT
 *   delete-batch MAP KEYS FLAGS                ok|err COUNT
 *   ring MAP SIZE BYTES                 ok LENGTH:RECORD ...: drains a ring buffer of SIZE, shows the first BYTES of each
 *   push MAP SIZE RECORD                writes a record into a user ring buffer of SIZE
 *   reset
 *
 * In values of arrays of programs and maps of maps an id is answered as mN or pN, in socket maps a cookie as sN.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "lines.h"

#define MAX 4096
struct map { int fd; unsigned key, value, type, size, id; };
static struct map maps[MAX];
static struct { int fd; unsigned id, type; } programs[MAX];
static int btfs[MAX], sockets[MAX];
static uint64_t cookies[MAX];
static int map_count, program_count, btf_count, socket_count;
static unsigned cpus = 1;
static char log_text[1 << 20], cursor[4096] = "-";

static void answer(long result) {
  if (result < 0) printf("err %d\n", errno);
  else puts("ok");
}

static int is_per_cpu(unsigned type) { return type == 5 || type == 6 || type == 10 || type == 21; }
static int holds_things(unsigned type) { return type == 3 || type == 4 || type == 8 || type == 12 || type == 13; }

static unsigned info_id(int fd) {
  struct bpf_map_info info = {0};
  union bpf_attr attr = {0};
  attr.info.bpf_fd = fd;
  attr.info.info = (uintptr_t)&info;
  attr.info.info_len = 8;
  return bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) < 0 ? 0 : info.id; /* type and id come first, of programs too */
}

/* Bytes, or the descriptor of something that was numbered. */
static size_t operand(const char *text, unsigned char **out, size_t room) {
  if (text[0] != '@') return unhex(text, out, room);
  int n = atoi(text + 2), fd = text[1] == 'm' ? maps[n].fd : text[1] == 'p' ? programs[n].fd : sockets[n];
  *out = calloc(room + 16, 1);
  memcpy(*out, &fd, sizeof fd);
  return 4;
}

static void put_value(struct map *map, const unsigned char *value, size_t size) {
  unsigned id;
  memcpy(&id, value, 4);
  if (map->type == 3)
    for (int i = 0; i < program_count; i++) if (programs[i].id == id) { printf("p%d", i); return; }
  if (map->type == 12 || map->type == 13)
    for (int i = 0; i < map_count; i++) if (maps[i].fd >= 0 && maps[i].id == id) { printf("m%d", i); return; }
  uint64_t cookie = 0;
  if ((map->type == 15 || map->type == 18 || map->type == 20) && size == 8) memcpy(&cookie, value, 8);
  for (int i = 0; cookie && i < socket_count; i++) if (cookies[i] == cookie) { printf("s%d", i); return; }
  put_hex(value, size);
}

static void cmd_map(char **a) {
  union bpf_attr attr = {0};
  attr.map_type = atoi(a[1]);
  attr.key_size = strtoul(a[2], 0, 10);
  attr.value_size = strtoul(a[3], 0, 10);
  attr.max_entries = strtoul(a[4], 0, 10);
  attr.map_flags = strtoul(a[5], 0, 10);
  attr.map_extra = strtoull(a[6], 0, 10);
  attr.numa_node = strtoul(a[7], 0, 10);
  if (a[8][0] != '-') attr.btf_fd = btfs[atoi(a[8])];
  attr.btf_key_type_id = strtoul(a[9], 0, 10);
  attr.btf_value_type_id = strtoul(a[10], 0, 10);
  if (a[11][0] != '-') attr.inner_map_fd = maps[atoi(a[11])].fd;
  int fd = bpf(BPF_MAP_CREATE, &attr), error = errno;
  size_t size = is_per_cpu(attr.map_type) ? (attr.value_size + 7) / 8 * 8 * cpus : attr.value_size;
  if (holds_things(attr.map_type)) size = 4;
  if (map_count < MAX)
    maps[map_count++] = (struct map){fd, attr.key_size, attr.value_size, attr.map_type, size, fd < 0 ? 0 : info_id(fd)};
  errno = error;
  answer(fd);
}

static void cmd_btf(char **a) {
  unsigned char *bytes;
  union bpf_attr attr = {0};
  attr.btf_size = unhex(a[1], &bytes, 0);
  attr.btf = (uintptr_t)bytes;
  int fd = bpf(BPF_BTF_LOAD, &attr);
  if (btf_count < MAX) btfs[btf_count++] = fd;
  answer(fd);
  free(bytes);
}

static int bound_udp(void) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  return bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ? -1 : fd;
}

static void cmd_socket(char **a) {
  int pair[2] = {-1, -1};
  if (!strcmp(a[1], "self")) pair[0] = syscall(SYS_pidfd_open, getpid(), 0);
  else if (!strcmp(a[1], "cgroup")) {
    pair[0] = open("/sys/fs/cgroup/unified", O_RDONLY); /* where version 1 is at the usual place */
    if (pair[0] < 0) pair[0] = open("/sys/fs/cgroup", O_RDONLY);
  } else if (!strcmp(a[1], "file")) pair[0] = open("/dev/null", O_RDONLY);
  else if (!strcmp(a[1], "xdp")) pair[0] = socket(AF_XDP, SOCK_RAW, 0);
  else if (!strcmp(a[1], "udp")) pair[0] = bound_udp();
  else if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) pair[0] = -1;
  int error = errno;
  if (socket_count < MAX) {
    socklen_t size = sizeof cookies[0];
    if (getsockopt(pair[0], SOL_SOCKET, SO_COOKIE, &cookies[socket_count], &size) < 0) cookies[socket_count] = 0;
    sockets[socket_count++] = pair[0];
  }
  errno = error;
  answer(pair[0]);
}

static void cmd_program(char **a) {
  unsigned char *insns;
  size_t n = unhex(a[2], &insns, 0) / 8;
  for (char *r = strcmp(a[3], "-") == 0 ? 0 : strtok(a[3], ","); r; r = strtok(0, ",")) {
    unsigned slot, map;
    if (sscanf(r, "%u:%u", &slot, &map) != 2 || slot >= n || map >= (unsigned)map_count) continue;
    ((struct bpf_insn *)insns)[slot].imm = maps[map].fd;
  }
  union bpf_attr attr = {0};
  unsigned char *funcs = 0;
  attr.prog_type = atoi(a[1]);
  if (attr.prog_type == BPF_PROG_TYPE_SYSCALL) attr.prog_flags = BPF_F_SLEEPABLE;
  if (a[4][0] && a[4][0] != '-') {
    attr.prog_btf_fd = btfs[atoi(a[4])];
    attr.func_info_rec_size = 8;
    attr.func_info_cnt = unhex(a[5], &funcs, 0) / 8;
    attr.func_info = (uintptr_t)funcs;
  }
  attr.license = (uintptr_t)"GPL";
  attr.insns = (uintptr_t)insns;
  attr.insn_cnt = n;
  attr.log_buf = (uintptr_t)log_text;
  attr.log_size = sizeof log_text;
  attr.log_level = 1;
  log_text[0] = 0;
  int fd = bpf(BPF_PROG_LOAD, &attr), error = errno;
  if (program_count < MAX) {
    programs[program_count].type = attr.prog_type;
    programs[program_count].fd = fd;
    programs[program_count++].id = fd < 0 ? 0 : info_id(fd);
  }
  if (fd < 0) {
    printf("err %d ", error);
    put_hex(log_text, strlen(log_text));
    putchar('\n');
  } else puts("ok");
  free(insns);
  free(funcs);
}

static void cmd_run(char **a) {
  unsigned char *context;
  union bpf_attr attr = {0};
  attr.test.prog_fd = programs[atoi(a[1])].fd;
  attr.test.ctx_size_in = unhex(a[2], &context, 0);
  attr.test.ctx_in = (uintptr_t)context;
  if (programs[atoi(a[1])].type == BPF_PROG_TYPE_SYSCALL) {
    cpu_set_t cpu;
    CPU_ZERO(&cpu);
    CPU_SET(atoi(a[3]), &cpu);
    sched_setaffinity(0, sizeof cpu, &cpu);
  } else {
    attr.test.flags = BPF_F_TEST_RUN_ON_CPU;
    attr.test.cpu = atoi(a[3]);
  }
  if (bpf(BPF_PROG_TEST_RUN, &attr) < 0) answer(-1);
  else printf("ok %d\n", (int)attr.test.retval);
  free(context);
}

/* update, lookup, take, delete: one element. */
static void cmd_element(char **a, int cmd) {
  struct map *map = &maps[atoi(a[1])];
  unsigned char *key, *value;
  union bpf_attr attr = {0};
  int update = cmd == BPF_MAP_UPDATE_ELEM, reads = cmd == BPF_MAP_LOOKUP_ELEM || cmd == BPF_MAP_LOOKUP_AND_DELETE_ELEM;
  const char *before = update ? a[3] : cmd == BPF_MAP_LOOKUP_ELEM && a[4][0] ? a[4] : "-";
  size_t size = operand(a[2], &key, map->key);
  operand(before, &value, map->size);
  attr.map_fd = map->fd;
  attr.key = size ? (uintptr_t)key : 0;
  if (cmd != BPF_MAP_DELETE_ELEM) {
    attr.value = (uintptr_t)value;
    attr.flags = strtoull(update ? a[4] : a[3], 0, 10);
  }
  long result = bpf(cmd, &attr);
  if (result < 0 || !reads) answer(result);
  else {
    printf("ok ");
    put_value(map, value, map->size);
    putchar('\n');
  }
  free(key);
  free(value);
}

static void cmd_next(char **a) {
  struct map *map = &maps[atoi(a[1])];
  unsigned char *key, *next = calloc(map->key + 16, 1);
  union bpf_attr attr = {0};
  size_t size = operand(a[2], &key, map->key);
  attr.map_fd = map->fd;
  attr.key = size ? (uintptr_t)key : 0;
  attr.next_key = (uintptr_t)next;
  long result = bpf(BPF_MAP_GET_NEXT_KEY, &attr);
  if (result < 0) answer(result);
  else {
    printf("ok ");
    put_hex(next, map->key);
    putchar('\n');
  }
  free(key);
  free(next);
}

static void put_status(long result) {
  if (result < 0) printf("err %d", errno);
  else printf("ok");
}

static void cmd_get_batch(char **a) {
  struct map *map = &maps[atoi(a[1])];
  unsigned count = atoi(a[2]);
  unsigned char *keys = calloc(count + 1, map->key + 1), *values = calloc(count + 1, map->size + 1), *in, *out;
  union bpf_attr attr = {0};
  if (a[3][0] == '^') a[3] = cursor;
  size_t size = unhex(a[3], &in, map->key);
  out = calloc(map->key + 16, 1);
  attr.batch.in_batch = size ? (uintptr_t)in : 0;
  attr.batch.out_batch = (uintptr_t)out;
  attr.batch.keys = (uintptr_t)keys;
  attr.batch.values = (uintptr_t)values;
  attr.batch.count = count;
  attr.batch.map_fd = map->fd;
  attr.batch.elem_flags = strtoull(a[4], 0, 10);
  long result = bpf(atoi(a[5]) ? BPF_MAP_LOOKUP_AND_DELETE_BATCH : BPF_MAP_LOOKUP_BATCH, &attr);
  int error = errno;
  /* Whatever failed before elements were read leaves the count as it was. */
  unsigned n = result < 0 && error != ENOENT ? 0 : attr.batch.count;
  errno = error;
  put_status(result);
  printf(" %u ", n);
  put_hex(keys, (size_t)n * map->key);
  putchar(' ');
  put_hex(values, (size_t)n * map->size);
  putchar(' ');
  size_t room = n == 0 ? 0 : map->key < 4 ? 4 : map->key;
  if (room > 0) {
    for (size_t i = 0; i < room; i++) sprintf(cursor + 2 * i, "%02x", out[i]);
  }
  put_hex(out, room);
  putchar('\n');
  free(keys);
  free(values);
  free(in);
  free(out);
}

static void cmd_change_batch(char **a, int cmd) {
  struct map *map = &maps[atoi(a[1])];
  unsigned char *keys, *values = 0;
  union bpf_attr attr = {0};
  size_t bytes = unhex(a[2], &keys, 0);
  attr.batch.count = map->key ? bytes / map->key : 0;
  attr.batch.keys = (uintptr_t)keys;
  attr.batch.map_fd = map->fd;
  if (cmd == BPF_MAP_UPDATE_BATCH) {
    unhex(a[3], &values, 0);
    attr.batch.values = (uintptr_t)values;
    attr.batch.elem_flags = strtoull(a[4], 0, 10);
  } else attr.batch.elem_flags = strtoull(a[3], 0, 10);
  unsigned asked = attr.batch.count;
  long result = bpf(cmd, &attr);
  int error = errno, untouched = result < 0 && (error == EINVAL || error == EPERM || error == 524) && attr.batch.count == asked;
  errno = error;
  put_status(result);
  printf(" %u\n", untouched ? 0 : attr.batch.count);
  free(keys);
  free(values);
}

static void cmd_ring(char **a) {
  struct map *map = &maps[atoi(a[1])];
  size_t page = sysconf(_SC_PAGESIZE), size = strtoul(a[2], 0, 10);
  uint64_t *consumer = mmap(0, page, PROT_READ | PROT_WRITE, MAP_SHARED, map->fd, 0);
  unsigned char *rest = mmap(0, page + 2 * size, PROT_READ, MAP_SHARED, map->fd, page);
  if (consumer == MAP_FAILED || rest == MAP_FAILED) { answer(-1); return; }
  uint64_t producer = *(volatile uint64_t *)rest, at = *consumer;
  printf("ok");
  while (at < producer) {
    unsigned length = *(volatile unsigned *)(rest + page + (at & (size - 1)));
    if (length & 0x80000000u) break;
    if (!(length & 0x40000000u)) {
      unsigned shown = strtoul(a[3], 0, 10);
      printf(" %u:", length);
      put_hex(rest + page + (at & (size - 1)) + 8, length < shown ? length : shown);
    }
    at += ((length & 0x3fffffffu) + 15) / 8 * 8;
  }
  *consumer = at;
  putchar('\n');
  munmap(consumer, page);
  munmap(rest, page + 2 * size);
}

static void cmd_push(char **a) {
  struct map *map = &maps[atoi(a[1])];
  size_t page = sysconf(_SC_PAGESIZE), size = strtoul(a[2], 0, 10);
  uint64_t *consumer = mmap(0, page, PROT_READ, MAP_SHARED, map->fd, 0);
  unsigned char *rest = mmap(0, page + 2 * size, PROT_READ | PROT_WRITE, MAP_SHARED, map->fd, page), *record;
  if (consumer == MAP_FAILED || rest == MAP_FAILED) { answer(-1); return; }
  uint64_t at = *(volatile uint64_t *)rest, left = size - (at - *(volatile uint64_t *)consumer);
  unsigned length = unhex(a[3], &record, 0), total = (length + 15) / 8 * 8;
  if (total > size || total > left) {
    errno = total > size ? E2BIG : ENOSPC;
    answer(-1);
  } else {
    unsigned char *place = rest + page + (at & (size - 1));
    memcpy(place + 8, record, length);
    memcpy(place, &length, 4);
    *(volatile uint64_t *)rest = at + total;
    answer(0);
  }
  munmap(consumer, page);
  munmap(rest, page + 2 * size);
  free(record);
}

static void cmd_reset(void) {
  for (int i = 0; i < program_count; i++) if (programs[i].fd >= 0) close(programs[i].fd);
  for (int i = 0; i < map_count; i++) if (maps[i].fd >= 0) close(maps[i].fd);
  for (int i = 0; i < socket_count; i++) if (sockets[i] >= 0) close(sockets[i]);
  program_count = map_count = socket_count = 0;
  strcpy(cursor, "-");
  answer(0);
}

static void count_cpus(void) {
  unsigned low = 0, high = 0;
  FILE *file = fopen("/sys/devices/system/cpu/possible", "r");
  if (!file) return;
  if (fscanf(file, "%u-%u", &low, &high) < 2) high = low;
  fclose(file);
  cpus = high + 1;
}

int main(void) {
  struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_MEMLOCK, &all);
  struct rlimit files = {MAX * 2, MAX * 2};
  setrlimit(RLIMIT_NOFILE, &files);
  count_cpus();
  static char output[1 << 16];
  setvbuf(stdout, output, _IOFBF, sizeof output);
  char *line = 0;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    char *a[12], *save = 0;
    int n = 0;
    for (int i = 0; i < 12; i++) a[i] = "";
    for (char *w = strtok_r(line, " \n", &save); w && n < 12; w = strtok_r(0, " \n", &save)) a[n++] = w;
    if (!strcmp(a[0], "map")) cmd_map(a);
    else if (!strcmp(a[0], "btf")) cmd_btf(a);
    else if (!strcmp(a[0], "socket")) cmd_socket(a);
    else if (!strcmp(a[0], "program")) cmd_program(a);
    else if (!strcmp(a[0], "run")) cmd_run(a);
    else if (!strcmp(a[0], "update")) cmd_element(a, BPF_MAP_UPDATE_ELEM);
    else if (!strcmp(a[0], "lookup")) cmd_element(a, BPF_MAP_LOOKUP_ELEM);
    else if (!strcmp(a[0], "take")) cmd_element(a, BPF_MAP_LOOKUP_AND_DELETE_ELEM);
    else if (!strcmp(a[0], "delete")) cmd_element(a, BPF_MAP_DELETE_ELEM);
    else if (!strcmp(a[0], "next")) cmd_next(a);
    else if (!strcmp(a[0], "get-batch")) cmd_get_batch(a);
    else if (!strcmp(a[0], "put-batch")) cmd_change_batch(a, BPF_MAP_UPDATE_BATCH);
    else if (!strcmp(a[0], "delete-batch")) cmd_change_batch(a, BPF_MAP_DELETE_BATCH);
    else if (!strcmp(a[0], "ring")) cmd_ring(a);
    else if (!strcmp(a[0], "push")) cmd_push(a);
    else if (!strcmp(a[0], "freeze")) {
      union bpf_attr attr = {0};
      attr.map_fd = maps[atoi(a[1])].fd;
      answer(bpf(BPF_MAP_FREEZE, &attr));
    } else if (!strcmp(a[0], "reset")) cmd_reset();
    else { errno = EINVAL; answer(-1); }
  }
  return 0;
}
