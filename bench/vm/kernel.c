/*
 * The benchmark's runner for Linux: loads XDP programs and test-runs them (BPF_PROG_TEST_RUN with `repeat`); it attaches
 * nothing. The protocol is in runner.h. Linux gives the last run's result only, and 32 bits of it.
 *
 * A test-run has a fixed cost of some 300 us: it patches the program into the XDP dispatcher. Its own figure `duration`
 * leaves that out, in whole nanoseconds a run, which is too coarse for small programs: theirs is the time of the system
 * call less that of one with two runs of nothing, just before.
 */
#include "runner.h"
#include <errno.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A whole nanosecond is less than a quarter percent of it. */
#define COARSE 400
#define FIXED_SAMPLES 3

struct map { int fd; unsigned type, key, value, entries; uint64_t *consumer, *producer; unsigned char *data; };
static struct map maps[MAX_MAPS];
static unsigned map_count;
static int program = -1, nothing = -1;
static unsigned char *packet;
static size_t packet_size;

static long bpf(int cmd, union bpf_attr *attr) { return syscall(__NR_bpf, cmd, attr, sizeof *attr); }

static int is_per_cpu(unsigned type) {
  return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_LRU_PERCPU_HASH;
}

static unsigned possible_cpus(void) {
  unsigned low = 0, high = 0;
  FILE *file = fopen("/sys/devices/system/cpu/possible", "r");
  if (!file) return 1;
  if (fscanf(file, "%u-%u", &low, &high) < 2) high = low;
  fclose(file);
  return high + 1;
}

/* The consumer's page, the producer's page, and the data twice. */
static void open_ring(struct map *map) {
  long page = sysconf(_SC_PAGESIZE);
  map->consumer = mmap(0, page, PROT_READ | PROT_WRITE, MAP_SHARED, map->fd, 0);
  unsigned char *rest = mmap(0, page + 2ul * map->entries, PROT_READ, MAP_SHARED, map->fd, page);
  if (map->consumer == MAP_FAILED || rest == MAP_FAILED) fail("cannot map the ring buffer: errno %d", errno);
  map->producer = (uint64_t *)rest;
  map->data = rest + page;
}

static void new_map(unsigned type, unsigned key, unsigned value, unsigned entries, unsigned flags) {
  struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_MEMLOCK, &all);
  if (map_count == MAX_MAPS) fail("more than %d maps", MAX_MAPS);
  union bpf_attr attr = {.map_type = type, .key_size = key, .value_size = value, .max_entries = entries, .map_flags = flags};
  int fd = bpf(BPF_MAP_CREATE, &attr);
  if (fd < 0) fail("BPF_MAP_CREATE: errno %d", errno);
  struct map *map = &maps[map_count++];
  *map = (struct map){.fd = fd, .type = type, .key = key, .value = value, .entries = entries};
  if (type == BPF_MAP_TYPE_RINGBUF) open_ring(map);
}

static void set_context(int is_packet, unsigned char *bytes, size_t size) {
  (void)is_packet; /* a plain context comes as a packet that the program finds first */
  packet = bytes;
  packet_size = size;
}

static int load_types(unsigned char *btf, size_t size) {
  union bpf_attr attr = {.btf = (uintptr_t)btf, .btf_size = size};
  int fd = bpf(BPF_BTF_LOAD, &attr);
  if (fd < 0) fail("BPF_BTF_LOAD: errno %d", errno);
  return fd;
}

static void load(unsigned char *code, size_t count, unsigned char *btf, size_t btf_size, unsigned char *funcs, size_t nfuncs) {
  static char log[1 << 16];
  struct bpf_insn *insn = (struct bpf_insn *)code;
  for (size_t i = 0; i < count; i++) {
    if (insn[i].code != (BPF_LD | BPF_DW | BPF_IMM)) continue;
    if (insn[i].src_reg == BPF_PSEUDO_MAP_FD) {
      if ((unsigned)insn[i].imm >= map_count) fail("instruction %zu names map %d", i, insn[i].imm);
      insn[i].imm = maps[insn[i].imm].fd;
    }
    i++;
  }
  union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_XDP, .insns = (uintptr_t)code, .insn_cnt = count, .license = (uintptr_t) "GPL"};
  if (btf_size > 0) {
    attr.prog_btf_fd = load_types(btf, btf_size);
    attr.func_info_rec_size = 8;
    attr.func_info = (uintptr_t)funcs;
    attr.func_info_cnt = nfuncs;
  }
  program = bpf(BPF_PROG_LOAD, &attr);
  if (program >= 0) return;
  int error = errno;
  attr.log_buf = (uintptr_t)log;
  attr.log_size = sizeof log;
  attr.log_level = 1;
  bpf(BPF_PROG_LOAD, &attr);
  /* Its last line but one says why. */
  char *last = log, *before = log;
  for (char *at = strtok(log, "\n"); at; at = strtok(0, "\n")) { before = last; last = at; }
  fail("BPF_PROG_LOAD: errno %d: %s", error, before);
}

/* Nanoseconds of the system call. The packet comes back as the runs left it. */
static double test_run(uint32_t count, uint32_t *result, uint32_t *duration) {
  union bpf_attr attr = {0};
  attr.test.prog_fd = program;
  attr.test.repeat = count;
  attr.test.data_in = attr.test.data_out = (uintptr_t)packet;
  attr.test.data_size_in = attr.test.data_size_out = packet_size;
  double start = now();
  if (bpf(BPF_PROG_TEST_RUN, &attr) < 0) fail("BPF_PROG_TEST_RUN: errno %d", errno);
  double nanoseconds = now() - start;
  *result = attr.test.retval;
  *duration = attr.test.duration;
  return nanoseconds;
}

/* The least of some calls: whatever disturbs one makes it longer. */
static double fixed(void) {
  struct bpf_insn code[2] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT}};
  int mine = program;
  uint32_t result, duration;
  if (nothing < 0) {
    load((unsigned char *)code, 2, 0, 0, 0, 0);
    nothing = program;
  }
  program = nothing;
  double least = test_run(2, &result, &duration);
  for (int i = 1; i < FIXED_SAMPLES; i++) {
    double one = test_run(2, &result, &duration);
    if (one < least) least = one;
  }
  program = mine;
  return least;
}

static double run(uint64_t count, const uint64_t *expected, uint64_t *r0) {
  uint32_t result, duration;
  double fixed_cost = fixed();
  double nanoseconds = test_run(count, &result, &duration);
  if (expected && result != (uint32_t)*expected) fail("a run returned %x, not %x", result, (uint32_t)*expected);
  *r0 = result;
  return duration >= COARSE ? (double)duration * count : nanoseconds - fixed_cost;
}

static void dump(unsigned number) {
  struct map *map = &maps[number];
  size_t size = is_per_cpu(map->type) ? (size_t)((map->value + 7) / 8 * 8) * possible_cpus() : map->value;
  unsigned char *key = calloc(map->key + 8, 1), *next = calloc(map->key + 8, 1), *value = calloc(size + 8, 1);
  union bpf_attr attr = {.map_fd = map->fd};
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

static void drain(unsigned number) {
  struct map *map = &maps[number];
  uint64_t producer = __atomic_load_n(map->producer, __ATOMIC_ACQUIRE);
  uint64_t consumer = drain_records(map->data, map->entries - 1, *map->consumer, producer);
  __atomic_store_n(map->consumer, consumer, __ATOMIC_RELEASE);
}
