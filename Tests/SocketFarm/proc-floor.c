/* The least that reading the TCP tables as text can cost: reads /proc/net/tcp and tcp6 and
 * throws them away. Prints how many bytes there were. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static char buffer[64 * 1024];

int main(void) {
  static const char *const tables[] = {"/proc/net/tcp", "/proc/net/tcp6"};
  long total = 0;
  for (int i = 0; i < 2; i++) {
    int table = open(tables[i], O_RDONLY);
    if (table < 0) continue;
    for (ssize_t size; (size = read(table, buffer, sizeof buffer)) > 0;) total += size;
    close(table);
  }
  printf("%ld\n", total);
  return 0;
}
