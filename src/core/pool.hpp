// Things that are worth using again, by one thread at a time: memory of pieces of work that are done side by side.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

namespace bourse {

template <class T>
class Pool {
public:
    // Calls use(T&) with one that no other thread has: as many are made as there are threads. What an exception leaves
    // behind is not used again.
    template <class Use>
    void with_one(Use use) {
        std::unique_ptr<T> one;
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                one = std::move(idle_.back());
                idle_.pop_back();
            }
        }
        if (!one) one = std::make_unique<T>();
        use(*one);
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(one));
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<T>> idle_;
};

}  // namespace bourse
