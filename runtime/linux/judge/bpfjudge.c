/*
 * bpfjudge: asks the running kernel's verifier about many programs. It loads them and lets them go; it attaches nothing
 * and runs nothing. Reads commands on stdin, one a line with fields parted by blanks; bytes are hexadecimal, "-" is none.
 *
 *   B BYTES                            next BTF (0, 1, …)
 *   M TYPE KEY VALUE ENTRIES FLAGS EXTRA NUMA BTF KEYID VALUEID INNER STRUCT DATA FROZEN SHARED NAME
 *                                      next map; INNER is a map's number, STRUCT a struct_ops value type of the kernel;
 *                                      SHARED 0: every program gets a new one, since the first one binds it
 *   C TYPE ATTACH FLAGS LICENSE LEVEL BTF FUNCS LINES TARGET MAPS KFUNCS KSYMS INSNS
 *        LEVEL    log level, or "a": level 4, and of what is refused level 1 too (its last 64 KiB)
 *        TARGET   KIND:NAME or KIND:NAME:MODULE, KIND a number of BTF       MAPS    slot:map,…
 *        KFUNCS   slot:name,… or slot:name:module,…                        KSYMS   slot:kind:name,… (kind b or a)
 *
 * For each C it writes "A STAGE ERRNO NANOSECONDS N M\n", N bytes of log, M bytes of level 1 log, "\n". STAGE: ok; load
 * (the kernel refused it); btf, map, target (a preparation failed: no verdict); time (it took longer than the limit).
 *
 * Usage: bpfjudge [SECONDS] — the limit of one load, 20 by default. Names are looked up in /sys/kernel/btf; a kernel
 * function that is in no BTF gets the number 0, which the kernel refuses.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define LOG_SIZE ((1u << 24) - 1)
#define BIG_LOG_SIZE (1u << 28)
#define TAIL 65536
#define OPEN_LIMIT 400

#ifndef BTF_KIND_ENUM64
#define BTF_KIND_ENUM64 19
#endif

static long bpf(int cmd, union bpf_attr *attr) { return syscall(__NR_bpf, cmd, attr, sizeof *attr); }

static int digit(int c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

static unsigned char *unhex(const char *text, size_t *size) {
  size_t n = strcmp(text, "-") == 0 ? 0 : strlen(text) / 2;
  unsigned char *out = calloc(n + 8, 1);
  for (size_t i = 0; i < n; i++) out[i] = digit(text[2 * i]) << 4 | digit(text[2 * i + 1]);
  *size = n;
  return out;
}

/* ---- types of the kernel ---- */

struct btf_file {
  char name[64];
  unsigned char *bytes;
  const char *strings;
  uint32_t string_start, string_size, first_id, count;
  struct btf_type **types;
  int fd;
};
static struct btf_file btfs[512];
static int btf_file_count;

static size_t type_size(const struct btf_type *t) {
  size_t n = t->info & 0xffff;
  switch (t->info >> 24 & 0x1f) {
    case BTF_KIND_INT: case BTF_KIND_VAR: case BTF_KIND_DECL_TAG: return sizeof *t + 4;
    case BTF_KIND_ARRAY: return sizeof *t + 12;
    case BTF_KIND_STRUCT: case BTF_KIND_UNION: case BTF_KIND_DATASEC: case BTF_KIND_ENUM64: return sizeof *t + 12 * n;
    case BTF_KIND_ENUM: case BTF_KIND_FUNC_PROTO: return sizeof *t + 8 * n;
    default: return sizeof *t;
  }
}

static void open_btf(const char *name) {
  char path[320];
  snprintf(path, sizeof path, "/sys/kernel/btf/%s", name);
  FILE *file = fopen(path, "r");
  if (!file || btf_file_count == 512) { if (file) fclose(file); return; }
  struct btf_file *b = &btfs[btf_file_count];
  size_t size = 0, room = 1 << 16, got;
  unsigned char *bytes = malloc(room);
  while ((got = fread(bytes + size, 1, room - size, file)) > 0) {
    size += got;
    if (size == room) bytes = realloc(bytes, room *= 2);
  }
  fclose(file);
  struct btf_header *h = (struct btf_header *)bytes;
  if (size < sizeof *h || h->magic != 0xeb9f) { free(bytes); return; }
  snprintf(b->name, sizeof b->name, "%s", name);
  b->bytes = bytes;
  b->strings = (char *)bytes + h->hdr_len + h->str_off;
  b->string_start = btf_file_count == 0 ? 0 : btfs[0].string_size;
  b->string_size = h->str_len;
  b->first_id = btf_file_count == 0 ? 1 : btfs[0].first_id + btfs[0].count;
  b->fd = -1;
  unsigned char *at = bytes + h->hdr_len + h->type_off, *end = at + h->type_len;
  size_t space = 0;
  for (; at < end; at += type_size((struct btf_type *)at)) {
    if (b->count == space) b->types = realloc(b->types, (space = space ? 2 * space : 4096) * sizeof *b->types);
    b->types[b->count++] = (struct btf_type *)at;
  }
  btf_file_count++;
}

static void open_all_btf(void) {
  if (btf_file_count) return;
  open_btf("vmlinux");
  DIR *folder = opendir("/sys/kernel/btf");
  if (!folder || !btf_file_count) return;
  for (struct dirent *e; (e = readdir(folder));)
    if (e->d_name[0] != '.' && strcmp(e->d_name, "vmlinux")) open_btf(e->d_name);
  closedir(folder);
}

static const char *type_name(const struct btf_file *b, uint32_t off) {
  if (off < b->string_start) return off < btfs[0].string_size ? btfs[0].strings + off : "";
  off -= b->string_start;
  return off < b->string_size ? b->strings + off : "";
}

/* Descriptor of a module's BTF, found by its name; 0 for the kernel's own. */
static int btf_fd_of(struct btf_file *b) {
  if (b == &btfs[0]) return 0;
  if (b->fd >= 0) return b->fd;
  union bpf_attr attr = {0};
  while (bpf(BPF_BTF_GET_NEXT_ID, &attr) == 0) {
    union bpf_attr open = {.btf_id = attr.next_id};
    int fd = bpf(BPF_BTF_GET_FD_BY_ID, &open);
    if (fd >= 0) {
      char name[64] = "";
      struct bpf_btf_info info = {.name = (uintptr_t)name, .name_len = sizeof name};
      union bpf_attr ask = {.info = {.bpf_fd = fd, .info_len = sizeof info, .info = (uintptr_t)&info}};
      if (bpf(BPF_OBJ_GET_INFO_BY_FD, &ask) == 0 && info.kernel_btf && !strcmp(name, b->name)) return b->fd = fd;
      close(fd);
    }
    attr.start_id = attr.next_id;
  }
  return -1;
}

struct found { uint32_t id; int fd; };
struct known { char *key; struct found found; struct known *next; };
static struct known *known[4096];

/* The kernel's own types first, then those of modules; id 0: none. */
static struct found find_type(const char *name, unsigned kind, const char *module) {
  char key[320];
  snprintf(key, sizeof key, "%u:%s:%s", kind, name, module ? module : "");
  unsigned hash = 5381;
  for (char *c = key; *c; c++) hash = hash * 33 + *c;
  struct known **slot = &known[hash % 4096];
  for (struct known *k = *slot; k; k = k->next) if (!strcmp(k->key, key)) return k->found;
  struct found found = {0, 0};
  open_all_btf();
  for (int f = 0; f < btf_file_count && !found.id; f++) {
    struct btf_file *b = &btfs[f];
    if (module && strcmp(module, b->name)) continue;
    for (uint32_t i = 0; i < b->count; i++) {
      if ((b->types[i]->info >> 24 & 0x1f) != kind || strcmp(type_name(b, b->types[i]->name_off), name)) continue;
      int fd = btf_fd_of(b);
      if (fd >= 0) found = (struct found){b->first_id + i, fd};
      break;
    }
  }
  struct known *k = malloc(sizeof *k);
  *k = (struct known){strdup(key), found, *slot};
  *slot = k;
  return found;
}

/* A symbol nobody lists is any number: the verifier cannot tell. */
static uint64_t symbol_address(const char *name) {
  FILE *file = fopen("/proc/kallsyms", "r");
  char line[512], symbol[384], type;
  unsigned long long address, answer = 0xffffffff81000000ull;
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "%llx %c %383s", &address, &type, symbol) == 3 && !strcmp(symbol, name)) { answer = address; break; }
  if (file) fclose(file);
  return answer;
}

/* ---- BTF and maps of the cases: made when a case needs them, all let go when many are open ---- */

struct blob { unsigned char *bytes; size_t size; int fd, error; };
static struct blob *blobs;
static int blob_count;

struct map {
  unsigned type, key, value, entries, flags, numa, key_id, value_id, frozen, shared;
  unsigned long long extra;
  int btf, inner, fd;
  char *of_struct;
  char name[16];
  unsigned char *data;
  size_t data_size;
};
static struct map *maps;
static int map_count;
static int open_count;

static int blob_fd(int index) {
  struct blob *b = &blobs[index];
  if (b->error) { errno = b->error; return -1; }
  if (b->fd >= 0) return b->fd;
  union bpf_attr attr = {.btf = (uintptr_t)b->bytes, .btf_size = b->size};
  b->fd = bpf(BPF_BTF_LOAD, &attr);
  if (b->fd < 0) b->error = errno;
  else open_count++;
  return b->fd;
}

static int map_fd(int index);

static int make_map(struct map *m) {
  union bpf_attr attr = {0};
  attr.map_type = m->type;
  attr.key_size = m->key;
  attr.value_size = m->value;
  attr.max_entries = m->entries;
  attr.map_flags = m->flags;
  attr.map_extra = m->extra;
  attr.numa_node = m->numa;
  memcpy(attr.map_name, m->name, sizeof m->name);
  if (m->key_id || m->value_id) {
    if (m->btf < 0) { errno = EINVAL; return -1; }
    int fd = blob_fd(m->btf);
    if (fd < 0) return -1;
    attr.btf_fd = fd;
    attr.btf_key_type_id = m->key_id;
    attr.btf_value_type_id = m->value_id;
  }
  if (strcmp(m->of_struct, "-")) {
    struct found found = find_type(m->of_struct, BTF_KIND_STRUCT, 0);
    if (!found.id) { errno = ENOENT; return -1; }
    attr.btf_vmlinux_value_type_id = found.id;
  }
  if (m->inner >= 0) {
    int fd = map_fd(m->inner);
    if (fd < 0) return -1;
    attr.inner_map_fd = fd;
  }
  int fd = bpf(BPF_MAP_CREATE, &attr);
  if (fd < 0) return -1;
  if (m->data_size) {
    unsigned char *value = calloc(m->value + 8, 1);
    memcpy(value, m->data, m->data_size < m->value ? m->data_size : m->value);
    unsigned char key[512] = {0};
    union bpf_attr update = {.map_fd = fd, .key = (uintptr_t)key, .value = (uintptr_t)value};
    bpf(BPF_MAP_UPDATE_ELEM, &update);
    free(value);
  }
  if (m->frozen) {
    union bpf_attr freeze = {.map_fd = fd};
    bpf(BPF_MAP_FREEZE, &freeze);
  }
  open_count++;
  return fd;
}

static int map_fd(int index) {
  struct map *m = &maps[index];
  if (m->fd < 0) m->fd = make_map(m);
  return m->fd;
}

static void close_map(struct map *m) {
  if (m->fd >= 0) { close(m->fd); open_count--; }
  m->fd = -1;
}

static void close_all(void) {
  for (int i = 0; i < map_count; i++) close_map(&maps[i]);
  for (int i = 0; i < blob_count; i++) {
    if (blobs[i].fd >= 0) close(blobs[i].fd);
    blobs[i].fd = -1;
  }
  open_count = 0;
}

/* ---- commands ---- */

static void cmd_btf(char **a) {
  blobs = realloc(blobs, (blob_count + 1) * sizeof *blobs);
  struct blob *b = &blobs[blob_count++];
  *b = (struct blob){.fd = -1};
  b->bytes = unhex(a[1], &b->size);
}

static int index_of(const char *text) { return strcmp(text, "-") ? atoi(text) : -1; }

static void cmd_map(char **a) {
  maps = realloc(maps, (map_count + 1) * sizeof *maps);
  struct map *m = &maps[map_count++];
  *m = (struct map){
    .type = strtoul(a[1], 0, 10), .key = strtoul(a[2], 0, 10), .value = strtoul(a[3], 0, 10),
    .entries = strtoul(a[4], 0, 10), .flags = strtoul(a[5], 0, 10), .extra = strtoull(a[6], 0, 10),
    .numa = strtoul(a[7], 0, 10), .btf = index_of(a[8]), .key_id = strtoul(a[9], 0, 10),
    .value_id = strtoul(a[10], 0, 10), .inner = index_of(a[11]), .of_struct = strdup(a[12]), .frozen = atoi(a[14]),
    .shared = atoi(a[15]), .fd = -1,
  };
  m->data = unhex(a[13], &m->data_size);
  if (strcmp(a[16], "-")) snprintf(m->name, sizeof m->name, "%s", a[16]);
}

static char *log_text, *tail_text;
static double limit_seconds = 20;
static volatile sig_atomic_t alarmed;

static void on_alarm(int signal) { (void)signal; alarmed = 1; }

static void answer(const char *stage, int error, long ns, size_t n, const char *tail, size_t m) {
  printf("A %s %d %ld %zu %zu\n", stage, error, ns, n, m);
  fwrite(log_text, 1, n, stdout);
  fwrite(tail, 1, m, stdout);
  putchar('\n');
}

/* Loads once; the program is let go at once. Returns 0 or the errno, and EAGAIN only when the limit was reached. */
static int load(union bpf_attr *attr, char *log, unsigned level, long *ns) {
  attr->log_level = level;
  attr->log_buf = level ? (uintptr_t)log : 0;
  attr->log_size = level ? (level & 2 ? BIG_LOG_SIZE : LOG_SIZE) : 0;
  int fd, error;
  do {
    log[0] = 0;
    alarmed = 0;
    struct itimerval timer = {.it_value = {(long)limit_seconds, (long)(limit_seconds * 1e6) % 1000000}};
    setitimer(ITIMER_REAL, &timer, 0);
    struct timespec from, to;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    fd = bpf(BPF_PROG_LOAD, attr);
    error = fd < 0 ? errno : 0;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    *ns = (to.tv_sec - from.tv_sec) * 1000000000L + to.tv_nsec - from.tv_nsec;
    struct itimerval off = {0};
    setitimer(ITIMER_REAL, &off, 0);
  } while (error == EAGAIN && !alarmed);
  if (fd >= 0) close(fd);
  return error;
}

/* Fills in descriptors and ids; returns the stage that failed, or 0. */
static const char *prepare(char **a, struct bpf_insn *insns, size_t n, int *fds, int *fd_count, int *used, int *uses) {
  char *save;
  *fd_count = 1;
  fds[0] = 0;
  for (char *r = strcmp(a[10], "-") ? strtok_r(a[10], ",", &save) : 0; r; r = strtok_r(0, ",", &save)) {
    unsigned slot, map;
    if (sscanf(r, "%u:%u", &slot, &map) != 2 || slot >= n || map >= (unsigned)map_count) continue;
    int fd = map_fd(map);
    if (fd < 0) return "map";
    if (*uses < 256) used[(*uses)++] = map;
    if (insns[slot].src_reg == 0) insns[slot].src_reg = BPF_PSEUDO_MAP_FD;
    insns[slot].imm = fd;
    if (insns[slot].src_reg >= 5 && *fd_count < 512) { insns[slot].imm = *fd_count; fds[(*fd_count)++] = fd; }
  }
  for (char *r = strcmp(a[11], "-") ? strtok_r(a[11], ",", &save) : 0; r; r = strtok_r(0, ",", &save)) {
    unsigned slot;
    char name[256], module[64] = "";
    if (sscanf(r, "%u:%255[^:]:%63s", &slot, name, module) < 2 || slot >= n) continue;
    struct found found = find_type(name, BTF_KIND_FUNC, module[0] ? module : 0);
    insns[slot].imm = found.id;
    insns[slot].off = 0;
    if (found.fd > 0 && *fd_count < 512) { insns[slot].off = *fd_count; fds[(*fd_count)++] = found.fd; }
  }
  for (char *r = strcmp(a[12], "-") ? strtok_r(a[12], ",", &save) : 0; r; r = strtok_r(0, ",", &save)) {
    unsigned slot;
    char kind, name[256];
    if (sscanf(r, "%u:%c:%255s", &slot, &kind, name) != 3 || slot + 1 >= n) continue;
    if (kind == 'a') {
      uint64_t address = symbol_address(name);
      insns[slot].src_reg = 0;
      insns[slot].imm = (uint32_t)address;
      insns[slot + 1].imm = address >> 32;
      continue;
    }
    struct found found = find_type(name, BTF_KIND_VAR, 0);
    if (!found.id) found = find_type(name, BTF_KIND_FUNC, 0);
    insns[slot].src_reg = BPF_PSEUDO_BTF_ID;
    insns[slot].imm = found.id;
    insns[slot + 1].imm = found.fd;
  }
  return 0;
}

static unsigned kernel_version(void) {
  struct utsname u;
  unsigned major = 0, minor = 0, patch = 0;
  uname(&u);
  sscanf(u.release, "%u.%u.%u", &major, &minor, &patch);
  return major << 16 | minor << 8 | (patch > 255 ? 255 : patch);
}

static void cmd_case(char **a) {
  static int fds[512];
  int fd_count, used[256], uses = 0;
  size_t size, license_size, funcs_size, lines_size;
  unsigned char *bytes = unhex(a[13], &size), *license = unhex(a[4], &license_size);
  unsigned char *funcs = unhex(a[7], &funcs_size), *lines = unhex(a[8], &lines_size);
  union bpf_attr attr = {0};
  attr.prog_type = strtoul(a[1], 0, 10);
  attr.expected_attach_type = strtoul(a[2], 0, 10);
  attr.prog_flags = strtoul(a[3], 0, 10);
  attr.license = (uintptr_t)license;
  attr.insns = (uintptr_t)bytes;
  attr.insn_cnt = size / 8;
  attr.kern_version = kernel_version();
  if (open_count > OPEN_LIMIT) close_all();

  log_text[0] = 0;
  const char *stage = 0;
  if (strcmp(a[6], "-")) {
    int fd = blob_fd(atoi(a[6]));
    if (fd < 0) stage = "btf";
    attr.prog_btf_fd = fd;
    if (funcs_size) { attr.func_info = (uintptr_t)funcs; attr.func_info_rec_size = 8; attr.func_info_cnt = funcs_size / 8; }
    if (lines_size) { attr.line_info = (uintptr_t)lines; attr.line_info_rec_size = 16; attr.line_info_cnt = lines_size / 16; }
  }
  if (!stage && strcmp(a[9], "-")) {
    unsigned kind;
    char name[256], module[64] = "";
    struct found found = {0, 0};
    if (sscanf(a[9], "%u:%255[^:]:%63s", &kind, name, module) >= 2) found = find_type(name, kind, module[0] ? module : 0);
    if (!found.id) { stage = "target"; errno = ENOENT; }
    attr.attach_btf_id = found.id;
    attr.attach_btf_obj_fd = found.fd;
  }
  if (!stage) stage = prepare(a, (struct bpf_insn *)bytes, size / 8, fds, &fd_count, used, &uses);
  if (stage) answer(stage, errno, 0, 0, "", 0);
  else {
    if (fd_count > 1) attr.fd_array = (uintptr_t)fds;
    int automatic = a[5][0] == 'a';
    long ns, other;
    int error = load(&attr, log_text, automatic ? 4 : strtoul(a[5], 0, 10), &ns);
    size_t n = strlen(log_text), m = 0, from = 0;
    if (error == EAGAIN) answer("time", error, ns, n, "", 0);
    else {
      if (error && automatic) {
        int again = load(&attr, tail_text, 1, &other);
        m = again == error ? strlen(tail_text) : 0;
        from = m > TAIL ? m - TAIL : 0;
      }
      answer(error ? "load" : "ok", error, ns, n, tail_text + from, m - from);
    }
  }
  for (int i = 0; i < uses; i++) if (!maps[used[i]].shared) close_map(&maps[used[i]]);
  free(bytes);
  free(license);
  free(funcs);
  free(lines);
}

static char *reserve(size_t size) {
  char *at = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) { perror("bpfjudge: no memory for the log"); exit(1); }
  return at;
}

int main(int argc, char **argv) {
  struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY}, files = {4096, 4096};
  setrlimit(RLIMIT_MEMLOCK, &all); /* not fatal: kernels since 5.11 do not count this way */
  setrlimit(RLIMIT_NOFILE, &files);
  if (argc > 1) limit_seconds = atof(argv[1]);
  struct sigaction action = {.sa_handler = on_alarm};
  sigaction(SIGALRM, &action, 0);
  log_text = reserve(BIG_LOG_SIZE);
  tail_text = reserve(BIG_LOG_SIZE);
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  char *line = 0;
  size_t room = 0;
  for (ssize_t n; (n = getline(&line, &room, stdin)) > 0;) {
    char *a[17] = {0}, *save;
    int count = 0;
    line[strcspn(line, "\n")] = 0;
    for (char *t = strtok_r(line, " ", &save); t && count < 17; t = strtok_r(0, " ", &save)) a[count++] = t;
    if (count == 2 && a[0][0] == 'B') cmd_btf(a);
    else if (count == 17 && a[0][0] == 'M') cmd_map(a);
    else if (count == 14 && a[0][0] == 'C') cmd_case(a);
    else if (count) { fprintf(stderr, "bpfjudge: bad command: %.60s\n", a[0]); return 2; }
    if (count && a[0][0] == 'C' && open_count > OPEN_LIMIT) close_all();
  }
  return 0;
}
