package dev.weft.inference.tensorrtllm.triton;

import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_Error;
import org.jspecify.annotations.Nullable;

/** Turns errors that JavaCPP's calls return into exceptions. */
final class Errors {
    private Errors() {}

    /** Throws what an error says and deletes it; nothing for null. */
    static void check(@Nullable TRITONSERVER_Error error) {
        if (error != null && !error.isNull()) {
            throw Library.taken(error.address());
        }
    }
}
