// Processes that outlive what started them: those of a child that has ended, and those of a daemon that was killed.
// They are known by what their environment says, which they inherit.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace bourse::workers {

// What this process sets in the environment of a child: BOURSE_JOB=`job` and BOURSE_WORKER=who this process is.
std::vector<std::string> marks_of(const std::string& job);

// Makes this process the parent of orphaned descendants, so that a child's processes cannot get away by leaving its
// group.
void adopt_orphans();

// Kills what is left of the ended child with this mark, and buries dead orphans. `living`: children that are looked
// after.
void end_strays(const std::string& job, const std::vector<pid_t>& living);

// Kills what daemons of this user on this host have left behind that were themselves killed (SIGKILL): the kernel ends
// their children, but not what those had started. Returns how many. Processes of other process namespaces (containers)
// are left alone: a daemon that lives there cannot be seen from here.
int end_strays_of_dead_workers();

}  // namespace bourse::workers
