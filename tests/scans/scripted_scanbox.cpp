// A decoder without walls that says what a script says: `#!…/scripted_scanbox` as the first line of a shell script.
// The prepared parent is the real one.
#include <unistd.h>

#include "scanbox/parent.h"

int main(int count, char** arguments) {
    if (count < 2) return 2;
    sealdesk::scanbox::serve_children(STDIN_FILENO, [&] { execl("/bin/sh", "sh", arguments[1], nullptr); });
    return 0;
}
