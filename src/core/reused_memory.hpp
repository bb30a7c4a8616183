// Memory that large calls use again.
#pragma once

namespace bourse {

// To be called before a call that fills tens of megabytes. The C library gives freed memory back, and every block would
// fault in anew what the last one had, page by page: that takes as long as what is computed on it. From now on the
// process keeps up to so many megabytes of it, in large pages where the system has them.
void keep_freed_memory(int megabytes = 32) noexcept;

}  // namespace bourse
