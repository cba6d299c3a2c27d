/* Loads the objects named on its command line with plain libbpf, prints their programs and maps; attaches nothing. */
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>

static int warnings;

static int note(enum libbpf_print_level level, const char *format, va_list arguments)
{
  if (level == LIBBPF_DEBUG)
    return 0;
  warnings++;
  return vfprintf(stderr, format, arguments);
}

static int load(const char *path)
{
  struct bpf_object *object = bpf_object__open(path);
  struct bpf_program *program;
  struct bpf_map *map;
  int error;

  if (!object) {
    fprintf(stderr, "%s: cannot be opened\n", path);
    return 1;
  }
  error = bpf_object__load(object);
  if (error)
    fprintf(stderr, "%s: cannot be loaded: %d\n", path, error);
  printf("file %s\n", path);
  bpf_object__for_each_program(program, object)
    printf("program %s %s\n", bpf_program__name(program), bpf_program__section_name(program));
  bpf_object__for_each_map(map, object)
    printf("map %s %u %u %u\n", bpf_map__name(map), bpf_map__key_size(map), bpf_map__value_size(map),
           bpf_map__max_entries(map));
  bpf_object__close(object);
  return error != 0;
}

int main(int count, char **paths)
{
  int failed = 0;

  libbpf_set_print(note);
  for (int index = 1; index < count; index++)
    failed += load(paths[index]);
  return failed > 0 || warnings > 0;
}
