/*
 * Loads an object with plain libbpf, attaches every program whose section says where, runs a command, and prints what the
 * script's maps hold: `attach OBJECT [USDT-OFFSET] -- COMMAND...`. What iterators give is printed as it is.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int failed;

static int note(enum libbpf_print_level level, const char *format, va_list arguments)
{
  return level == LIBBPF_DEBUG ? 0 : vfprintf(stderr, format, arguments);
}

/* A USDT probe is a uprobe at the place its note tells; libbpf's own way wants maps of its own in the object. */
static struct bpf_link *attach_usdt(struct bpf_program *program, const char *place, long offset)
{
  char path[256];

  snprintf(path, sizeof(path), "%s", place);
  *strchr(path, ':') = 0;
  return bpf_program__attach_uprobe(program, false, -1, path, offset);
}

static struct bpf_link *attach(struct bpf_program *program, long offset)
{
  const char *section = bpf_program__section_name(program);
  struct bpf_link *link;

  if (!strchr(section, '/'))
    return NULL;
  if (!strncmp(section, "usdt/", 5))
    link = attach_usdt(program, section + 5, offset);
  else
    link = bpf_program__attach(program);
  if (link)
    return link;
  fprintf(stderr, "%s: cannot be attached: %s\n", section, strerror(errno));
  failed = 1;
  return NULL;
}

static void print_iterator(struct bpf_link *link)
{
  int file = bpf_iter_create(bpf_link__fd(link));
  char text[4096];
  ssize_t length;

  while ((length = read(file, text, sizeof(text))) > 0)
    fwrite(text, 1, length, stdout);
  if (length < 0)
    failed = 1;
  close(file);
}

static void print_map(struct bpf_map *map)
{
  unsigned int cpus = libbpf_num_possible_cpus(), key_size = bpf_map__key_size(map);
  int per_cpu = bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_HASH;
  size_t value_size = bpf_map__value_size(map);
  unsigned char key[256], *previous = NULL;
  unsigned long long *values = calloc(per_cpu ? cpus : 1, (value_size + 7) & ~7ul);

  if (bpf_map__type(map) != BPF_MAP_TYPE_HASH && !per_cpu)
    return;
  while (!bpf_map_get_next_key(bpf_map__fd(map), previous, key)) {
    unsigned long long sum = 0;

    previous = key;
    if (bpf_map_lookup_elem(bpf_map__fd(map), key, values))
      continue;
    for (unsigned int cpu = 0; cpu < (per_cpu ? cpus : 1); cpu++)
      sum += values[cpu * ((value_size + 7) / 8)];
    printf("%s ", bpf_map__name(map));
    for (unsigned int index = 0; index < key_size; index++)
      printf("%02x", key[index]);
    printf(" %llu\n", sum);
  }
}

static void run(char **command)
{
  pid_t child = fork();

  if (child == 0) {
    execvp(command[0], command);
    exit(127);
  }
  waitpid(child, NULL, 0);
}

int main(int count, char **arguments)
{
  struct bpf_object *object;
  struct bpf_program *program;
  struct bpf_map *map;
  struct bpf_link *links[256];
  int links_count = 0, command = 2;
  long offset = 0;

  libbpf_set_print(note);
  if (strcmp(arguments[2], "--"))
    offset = strtol(arguments[command++], NULL, 0);
  object = bpf_object__open(arguments[1]);
  if (!object || bpf_object__load(object))
    return 1;
  bpf_object__for_each_program(program, object) {
    struct bpf_link *link = attach(program, offset);

    if (link)
      links[links_count++] = link;
  }
  run(arguments + command + 1);
  bpf_object__for_each_program(program, object)
    if (!strncmp(bpf_program__section_name(program), "iter/", 5) && links_count)
      print_iterator(links[0]);
  for (int index = 0; index < links_count; index++)
    bpf_link__destroy(links[index]);
  bpf_object__for_each_map(map, object)
    print_map(map);
  return failed;
}
