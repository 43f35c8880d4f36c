// Streams and events. All work is done when it is asked for, so there is nothing to wait for.
#include "driver.h"
#include <chrono>

using namespace emulation;

struct Stream {};
struct Event {
    bool recorded = false;
    std::chrono::steady_clock::time_point time;
};

EXPORT int cuStreamCreate(Stream **stream, unsigned) {
    ENTER(CONTEXT);
    *stream = new Stream;
    return SUCCESS;
}

EXPORT int cuStreamDestroy_v2(Stream *stream) {
    ENTER(CONTEXT);
    if (!stream)
        return INVALID_HANDLE;
    delete stream;
    return SUCCESS;
}

EXPORT int cuStreamSynchronize(Stream *) {
    ENTER(CONTEXT);
    return SUCCESS;
}

EXPORT int cuStreamQuery(Stream *) {
    ENTER(CONTEXT);
    return SUCCESS;
}

EXPORT int cuStreamWaitEvent(Stream *, Event *event, unsigned) {
    ENTER(CONTEXT);
    return event ? SUCCESS : INVALID_HANDLE;
}

EXPORT int cuEventCreate(Event **event, unsigned) {
    ENTER(CONTEXT);
    *event = new Event;
    return SUCCESS;
}

EXPORT int cuEventDestroy_v2(Event *event) {
    ENTER(CONTEXT);
    if (!event)
        return INVALID_HANDLE;
    delete event;
    return SUCCESS;
}

EXPORT int cuEventRecord(Event *event, Stream *) {
    ENTER(CONTEXT);
    if (!event)
        return INVALID_HANDLE;
    event->recorded = true;
    event->time = std::chrono::steady_clock::now();
    return SUCCESS;
}

EXPORT int cuEventSynchronize(Event *event) {
    ENTER(CONTEXT);
    return event ? SUCCESS : INVALID_HANDLE;
}

EXPORT int cuEventQuery(Event *event) {
    ENTER(CONTEXT);
    return event ? SUCCESS : INVALID_HANDLE;
}

EXPORT int cuEventElapsedTime(float *milliseconds, Event *from, Event *to) {
    ENTER(CONTEXT);
    if (!from || !to || !from->recorded || !to->recorded)
        return INVALID_HANDLE;
    *milliseconds = std::chrono::duration<float, std::milli>(to->time - from->time).count();
    return SUCCESS;
}
