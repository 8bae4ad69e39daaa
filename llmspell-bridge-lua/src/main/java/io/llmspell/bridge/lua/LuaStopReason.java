package io.llmspell.bridge.lua;

/** Why a script was cut: the reasons it can neither catch nor outrun. */
enum LuaStopReason {
    /** The instruction limit is reached. */
    INSTRUCTIONS,
    /** More is alive than the memory limit allows, or the heap is exhausted. */
    MEMORY,
    /** The time limit of the run is over. */
    TIME,
    /** The caller's cancellation was asked for. */
    CANCELLED,
    /** The deadline of one call, such as a hook's, is over; the script itself may go on. */
    CALL_DEADLINE,
    /** The sandbox was closed. */
    CLOSED
}
