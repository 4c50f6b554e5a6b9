// A Unix-domain socket on which the tour asks what is on screen. Off unless a path is given; only the owner may open
// it. A thread reads the requests and wakes the window; the UI thread answers between frames.
//   items            → JSON array of {label, name, window, x, y, w, h, disabled} of what is visible
//   text             → JSON string: the words of the next frame, line by line
//   screenshot PATH  → "ok" after the next frame was written as PNG, else "error …"
//   idle             → "ok" when no job runs and nothing is left to draw
//   until NAME       → as soon as that control is visible: when its frame was shown, ns of the monotonic clock
//   times            → JSON of the frames so far: how many, when the first was shown, CPU time of the UI thread for
//                      building them and for painting (OpenGL, swap), ns
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace sealdesk::shell {

class WatchSocket {
public:
    struct Request {
        std::string words;
        int client = -1;
    };
    // `wake` is called from the reading thread for every request.
    static Result<std::unique_ptr<WatchSocket>> listen(const std::filesystem::path& path, std::function<void()> wake);
    virtual ~WatchSocket() = default;
    // Requests that came since the last call.
    virtual std::vector<Request> take() = 0;
    // One line; a client that has gone is passed over.
    virtual void answer(const Request& request, const std::string& line) = 0;
};

}  // namespace sealdesk::shell
